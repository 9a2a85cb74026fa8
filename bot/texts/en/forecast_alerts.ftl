### Alerts on forecasts.

command-foresee = Tell me when a rise or fall is likely
    .about = Looks at the forecast every minute and writes to this chat when the direction becomes as likely as you say. “every” tells you each time, otherwise it is once. Without a symbol it lists what waits.
    .symbol = The symbol to watch, such as BTC; leave it out for the list
    .horizon = How far ahead: 5m, 15m, 1h, 4h or 1d
    .chance = Up or down and how likely it must be, above 50%: up 60, down 55%
    .times = “once” (as it is) or “every” time it becomes so likely
    .examples =
        /foresee BTC 1h up 60
        /foresee ETH 5m down 55% every
        /foresee

parameter-chance = up|down PERCENT

## Setting and listing
foresee-set-up = { $times ->
    [every] I will write here every time { $symbol } is at least { $chance } likely to be higher in { $horizon }.
   *[once] I will write here when { $symbol } is at least { $chance } likely to be higher in { $horizon }.
}
foresee-set-down = { $times ->
    [every] I will write here every time { $symbol } is at least { $chance } likely to be lower in { $horizon }.
   *[once] I will write here when { $symbol } is at least { $chance } likely to be lower in { $horizon }.
}
foresee-now = { $way ->
    [up] The chance of a rise is { $chance } now.
   *[down] The chance of a fall is { $chance } now.
}
foresee-beyond = It is that likely already: the chance has to come down by two points first.
foresee-no-skill = Over { $horizon } the model does not know which way prices go right now. The alert waits until it does.
foresee-title = Your alerts on forecasts
foresee-none = No alert on a forecast is waiting. /foresee BTC 1h up 60 sets one.
foresee-cancelled-up = The alert on a { $chance } chance that { $symbol } is higher in { $horizon } is cancelled.
foresee-cancelled-down = The alert on a { $chance } chance that { $symbol } is lower in { $horizon } is cancelled.

## Notices
push-forecast-up = { $symbol } is { $chance } likely to be higher in { $horizon }
push-forecast-down = { $symbol } is { $chance } likely to be lower in { $horizon }

## Choices, buttons, labels
choice-chance-up = Rise: { $chance } or more
choice-chance-down = Fall: { $chance } or more
notice-forecasts = Forecast alerts
button-foreseen = Forecast alerts
label-horizon = Ahead
label-chance = Likely
label-asked = Asked for

## Errors
error-chance-out-of-range = “{ $text }” asks for a chance that cannot be waited for. Write more than 50 and at most 99 percent, such as up 60.
error-too-many-forecast-alerts = You have { $limit } alerts on forecasts waiting already, which is the most. /foresee lists them; cancel one first.
error-unknown-forecast-alert = You have no alert { $alert_id } on a forecast that this could be done to. /foresee lists those that wait.
