"""Every command, listed by hand in the order of /help."""

from bot.command import Audience, Command, HelpTopic, declare
from bot.commands.account import balance, history, history_before, portfolio, reset, reset_now
from bot.commands.alerts import (
    alert,
    alert_cancel,
    alert_edit,
    alert_mute,
    alert_repeat,
    alert_share,
)
from bot.commands.allocation import optimize
from bot.commands.backtests import backtest
from bot.commands.charts import chart, compare, heatmap
from bot.commands.checkup import checkup
from bot.commands.condition_alerts import alert_order, alerts_conditions
from bot.commands.dust import dust, dust_sell
from bot.commands.forecast import forecast, model
from bot.commands.forecast_alerts import forecastalert, forecastalert_cancel, forecastalert_repeat
from bot.commands.groups import group
from bot.commands.help import help_
from bot.commands.jobs import jobs, jobs_run
from bot.commands.limits import desklimits, limits, limits_set
from bot.commands.linking import (
    link,
    link_allow,
    link_cancel,
    link_merge,
    link_move,
    link_refuse,
    link_undo,
    unlink,
    unlink_now,
)
from bot.commands.mood import mood
from bot.commands.news import news
from bot.commands.notifications import notifications, notifications_here
from bot.commands.open_orders import (
    amend,
    ask_change,
    cancel,
    cancel_order,
    cancel_orders,
    cancel_orders_now,
    order,
    orders,
)
from bot.commands.operators import (
    adminlog,
    audit,
    audit_result,
    ban,
    broadcast,
    broadcast_drop,
    broadcast_send,
    halt,
    resume,
    status,
    unban,
)
from bot.commands.order_groups import place_orders
from bot.commands.performance import explain, performance
from bot.commands.prices import market, price
from bot.commands.privacy import forget_me, privacy, privacy_delete, privacy_export
from bot.commands.questions import ask_each_time, ask_level, ask_to_buy, ask_to_place, ask_to_sell
from bot.commands.range_alerts import alerts_ranges
from bot.commands.rebalance import rebalance, rebalance_keep
from bot.commands.records import export, fills, fills_before, receipt
from bot.commands.recurring import dca, dca_pause, dca_remove, dca_resume
from bot.commands.resting import bracket, confirm_order, limit, oco, stop, tp, trail
from bot.commands.risk import risk, stress_
from bot.commands.robots import (
    robot,
    robot_compare,
    robot_keep,
    robot_log,
    robot_pause,
    robot_resume,
    robot_sell,
    robot_show,
    robot_start,
    robot_stop,
)
from bot.commands.scan import scan
from bot.commands.start_and_settings import settings, start, start_with
from bot.commands.statement import statement
from bot.commands.strategies import strategy, strategy_delete
from bot.commands.trade import buy, confirm, preview_details, sell
from bot.commands.waiting_alerts import alerts, alerts_before, alerts_cancel, alerts_cancel_now
from bot.commands.watchlist import unwatch, watch

COMMANDS: tuple[Command, ...] = (
    declare(start, private=True, topic=HelpTopic.ACCOUNT),
    declare(help_, topic=HelpTopic.PREFERENCES),
    declare(price, topic=HelpTopic.PRICES),
    declare(chart, topic=HelpTopic.PRICES),
    declare(compare, topic=HelpTopic.PRICES),
    declare(heatmap, topic=HelpTopic.PRICES),
    declare(market, topic=HelpTopic.PRICES),
    declare(mood, topic=HelpTopic.PRICES),
    declare(scan, topic=HelpTopic.PRICES),
    declare(news, topic=HelpTopic.PRICES, weight=2),
    declare(forecast, topic=HelpTopic.FORECASTS),
    declare(model, topic=HelpTopic.FORECASTS),
    declare(watch, private=True, topic=HelpTopic.PRICES),
    declare(unwatch, private=True, topic=HelpTopic.PRICES),
    declare(buy, private=True, shareable=True, ask=ask_to_buy, topic=HelpTopic.TRADING),
    declare(sell, private=True, shareable=True, ask=ask_to_sell, topic=HelpTopic.TRADING),
    declare(limit, private=True, shareable=True, ask=ask_to_place, topic=HelpTopic.TRADING),
    declare(stop, private=True, shareable=True, ask=ask_to_place, topic=HelpTopic.TRADING),
    declare(tp, private=True, shareable=True, ask=ask_to_place, topic=HelpTopic.TRADING),
    declare(trail, private=True, shareable=True, ask=ask_to_place, topic=HelpTopic.TRADING),
    declare(oco, private=True, shareable=True, ask=ask_to_place, topic=HelpTopic.TRADING),
    declare(bracket, private=True, shareable=True, ask=ask_to_place, topic=HelpTopic.TRADING),
    declare(orders, private=True, shareable=True, topic=HelpTopic.TRADING),
    declare(order, private=True, shareable=True, topic=HelpTopic.TRADING),
    declare(amend, private=True, shareable=True, ask=ask_change, topic=HelpTopic.TRADING),
    declare(cancel, private=True, shareable=True, pressed=("token",), topic=HelpTopic.TRADING),
    declare(dust, private=True, shareable=True, topic=HelpTopic.TRADING),
    declare(dca, private=True, ask=ask_each_time, topic=HelpTopic.TRADING),
    declare(limits, private=True, topic=HelpTopic.TRADING),
    declare(strategy, private=True, topic=HelpTopic.TRADING),
    declare(backtest, private=True, shareable=True, topic=HelpTopic.TRADING, weight=5),
    declare(robot, private=True, topic=HelpTopic.TRADING),
    declare(alert, ask=ask_level, topic=HelpTopic.ALERTING),
    declare(alerts, private=True, topic=HelpTopic.ALERTING),
    declare(forecastalert, topic=HelpTopic.FORECASTS),
    declare(notifications, private=True, topic=HelpTopic.ALERTING),
    declare(portfolio, private=True, shareable=True, topic=HelpTopic.ACCOUNT),
    declare(risk, private=True, shareable=True, topic=HelpTopic.ACCOUNT, weight=3),
    declare(stress_, private=True, shareable=True, topic=HelpTopic.ACCOUNT, weight=5),
    declare(checkup, private=True, shareable=True, topic=HelpTopic.ACCOUNT, weight=5),
    declare(optimize, private=True, shareable=True, topic=HelpTopic.ACCOUNT, weight=5),
    declare(rebalance, private=True, shareable=True, topic=HelpTopic.ACCOUNT, weight=5),
    declare(balance, private=True, shareable=True, topic=HelpTopic.ACCOUNT),
    declare(history, private=True, shareable=True, topic=HelpTopic.ACCOUNT),
    declare(statement, private=True, shareable=True, topic=HelpTopic.ACCOUNT, weight=3),
    declare(performance, private=True, shareable=True, topic=HelpTopic.ACCOUNT, weight=5),
    declare(explain, topic=HelpTopic.ACCOUNT),
    declare(fills, private=True, shareable=True, topic=HelpTopic.ACCOUNT),
    declare(receipt, private=True, shareable=True, topic=HelpTopic.ACCOUNT),
    declare(export, private=True, topic=HelpTopic.ACCOUNT),
    declare(reset, private=True, topic=HelpTopic.ACCOUNT),
    declare(settings, private=True, topic=HelpTopic.PREFERENCES),
    declare(link, private=True, topic=HelpTopic.PREFERENCES),
    declare(unlink, private=True, topic=HelpTopic.PREFERENCES),
    declare(privacy, private=True, topic=HelpTopic.PREFERENCES),
    declare(group, audience=Audience.MANAGERS, topic=HelpTopic.PREFERENCES),
    declare(start_with, hidden=True, private=True),
    declare(confirm, hidden=True, private=True, shareable=True),
    declare(confirm_order, hidden=True, private=True, shareable=True),
    declare(cancel_order, hidden=True, private=True, shareable=True),
    declare(cancel_orders, hidden=True, private=True, shareable=True),
    declare(cancel_orders_now, hidden=True, private=True, shareable=True),
    declare(dust_sell, hidden=True, private=True, shareable=True),
    declare(place_orders, hidden=True, private=True, shareable=True),
    declare(rebalance_keep, hidden=True, private=True),
    declare(preview_details, hidden=True, private=True, shareable=True),
    declare(fills_before, hidden=True, private=True, shareable=True),
    declare(history_before, hidden=True, private=True, shareable=True),
    declare(reset_now, hidden=True, private=True),
    declare(dca_pause, hidden=True, private=True),
    declare(dca_resume, hidden=True, private=True),
    declare(dca_remove, hidden=True, private=True),
    declare(robot_start, hidden=True, private=True),
    declare(robot_show, hidden=True, private=True),
    declare(robot_log, hidden=True, private=True),
    declare(robot_compare, hidden=True, private=True),
    declare(robot_pause, hidden=True, private=True),
    declare(robot_resume, hidden=True, private=True),
    declare(robot_stop, hidden=True, private=True),
    declare(robot_sell, hidden=True, private=True),
    declare(robot_keep, hidden=True, private=True),
    declare(limits_set, hidden=True, private=True),
    declare(strategy_delete, hidden=True, private=True),
    declare(alerts_before, hidden=True, private=True),
    declare(alerts_ranges, hidden=True, private=True),
    declare(alerts_conditions, hidden=True, private=True),
    declare(alert_order, hidden=True, private=True),
    declare(alert_cancel, hidden=True, private=True),
    declare(alert_mute, hidden=True, private=True),
    declare(alert_repeat, hidden=True, private=True),
    declare(alert_edit, hidden=True, private=True),
    declare(alert_share, hidden=True),
    declare(forecastalert_cancel, hidden=True, private=True),
    declare(forecastalert_repeat, hidden=True, private=True),
    declare(alerts_cancel, hidden=True, private=True),
    declare(alerts_cancel_now, hidden=True, private=True),
    declare(notifications_here, hidden=True, private=True),
    declare(link_move, hidden=True, private=True),
    declare(link_merge, hidden=True, private=True),
    declare(link_cancel, hidden=True, private=True),
    declare(link_allow, hidden=True, private=True),
    declare(link_refuse, hidden=True, private=True),
    declare(link_undo, hidden=True, private=True),
    declare(unlink_now, hidden=True, private=True),
    declare(privacy_export, hidden=True, private=True),
    declare(privacy_delete, hidden=True, private=True),
    declare(forget_me, hidden=True, private=True),
    declare(status, private=True, audience=Audience.OPERATORS, topic=HelpTopic.OPERATORS),
    declare(broadcast, private=True, audience=Audience.OPERATORS, topic=HelpTopic.OPERATORS),
    declare(halt, private=True, audience=Audience.OPERATORS, topic=HelpTopic.OPERATORS),
    declare(resume, private=True, audience=Audience.OPERATORS, topic=HelpTopic.OPERATORS),
    declare(ban, private=True, audience=Audience.OPERATORS, topic=HelpTopic.OPERATORS),
    declare(unban, private=True, audience=Audience.OPERATORS, topic=HelpTopic.OPERATORS),
    declare(audit, private=True, audience=Audience.OPERATORS, topic=HelpTopic.OPERATORS),
    declare(adminlog, private=True, audience=Audience.OPERATORS, topic=HelpTopic.OPERATORS),
    declare(jobs, private=True, audience=Audience.OPERATORS, topic=HelpTopic.OPERATORS),
    declare(desklimits, private=True, audience=Audience.OPERATORS, topic=HelpTopic.OPERATORS),
    declare(broadcast_send, hidden=True, private=True, audience=Audience.OPERATORS),
    declare(broadcast_drop, hidden=True, private=True, audience=Audience.OPERATORS),
    declare(audit_result, hidden=True, private=True, audience=Audience.OPERATORS),
    declare(jobs_run, hidden=True, private=True, audience=Audience.OPERATORS),
)
