### Forecast alerts.

command-forecastalert = Get notified when a rise or fall is likely
    .about = Checks the forecast every minute and sends a message to this chat when the probability reaches your threshold. “every” notifies you each time it has dropped by two percentage points and rises again; the default is once. Without a symbol, lists your forecast alerts.
    .symbol = The symbol to watch, such as { COIN() }; leave it out for the list
    .horizon = How far ahead: { HORIZONS() }
    .chance = Up or down and the probability, above 50%: up 60, down 55%
    .times = “once” (default) or “every” time the probability is reached
    .examples =
        /forecastalert { COIN() } { HORIZON("1h") } up 60
        /forecastalert { COIN(2) } { HORIZON("5m") } down 55% every
        /forecastalert

parameter-chance = up|down PERCENT

## Setting and listing
foresee-set-up = { $times ->
    [every] You will be notified here every time the probability that { $symbol } is higher in { $horizon } reaches { $chance }.
   *[once] You will be notified here when the probability that { $symbol } is higher in { $horizon } reaches { $chance }.
}
foresee-set-down = { $times ->
    [every] You will be notified here every time the probability that { $symbol } is lower in { $horizon } reaches { $chance }.
   *[once] You will be notified here when the probability that { $symbol } is lower in { $horizon } reaches { $chance }.
}
foresee-now = { $way ->
    [up] The probability of a rise is { $chance } now.
   *[down] The probability of a fall is { $chance } now.
}
foresee-again = After a notification, the alert starts again once the probability has dropped to { $back }, at most once every { $pause }.
foresee-every = Every time (again from { $back })
foresee-beyond = The probability is already that high. The alert starts once it has dropped to { $back }.
foresee-no-skill = The { $horizon } model can't predict the direction right now. The alert stays active and starts when it can.
foresee-title = Your forecast alerts
foresee-none = You have no active forecast alerts. /forecastalert { COIN() } { HORIZON("1h") } up 60 sets one.
foresee-cancelled-up = Forecast alert cancelled: { $symbol } higher in { $horizon }, { $chance } or more.
foresee-cancelled-down = Forecast alert cancelled: { $symbol } lower in { $horizon }, { $chance } or more.

## Notices
push-forecast-up = { $symbol } is { $chance } likely to be higher in { $horizon }
push-forecast-down = { $symbol } is { $chance } likely to be lower in { $horizon }

## Choices, buttons, labels
choice-chance-up = Rise: { $chance } or more
choice-chance-down = Fall: { $chance } or more
notice-forecasts = Forecast alerts
button-foreseen = Forecast alerts
label-horizon = Horizon
label-chance = Probability
label-asked = Threshold

## Errors
error-chance-out-of-range = “{ $text }” is out of range. Enter a probability above 50 and up to 99 percent, such as up 60.
error-too-many-forecast-alerts = You already have { $limit } forecast alerts, the maximum. Cancel one in /forecastalert first.
error-unknown-forecast-alert = Forecast alert { $alert_id } can't be changed. /forecastalert lists your active alerts.
