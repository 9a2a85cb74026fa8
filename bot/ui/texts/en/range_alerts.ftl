### Range alerts.

## Setting and listing
range-set = { $times ->
    [every] You will be notified here every time the highest price of { $symbol } within { $window } is { $range } or more above the lowest.
   *[once] You will be notified here when the highest price of { $symbol } within { $window } is { $range } or more above the lowest.
}
range-now = The range is { $range } now: from { $low } to { $high }.
range-known = Only the prices of the last { $known } are known. Until { $window } of prices are known, the range counts those.
range-again = After a notification, the alert starts again once the range has narrowed to { $back }, at most once every { $pause }.
range-every = Every time (again from { $back })
range-beyond = The range is already that wide. The alert starts once it has narrowed to { $back }.
range-title = Your range alerts
range-none = You have no active range alerts. /alert { COIN() } range 3% 1h sets one.
range-condition = range ≥ { $range } within { $window }

## Notices
push-range = { $symbol } moved across { $range } within { $window }
push-ranges-title = { $count } of your range alerts were triggered
push-delisted-range = Range alert { $number } on { $symbol } has ended because the exchange delisted the symbol.

## Choices, buttons, labels
notice-ranges = Range alerts
button-ranges = Range alerts
label-price-range = Range
label-window = Window
label-lowest = Lowest
label-highest = Highest

## Errors
error-too-many-range-alerts = You already have { $limit } range alerts, the maximum. Cancel one in /alerts first.
error-range-out-of-bounds = A range of { $percent }% can't be watched. Enter { $lowest }% to { $highest }% with at most two decimals, such as range 3% 1h.
