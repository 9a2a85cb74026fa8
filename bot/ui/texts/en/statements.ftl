### Statements.

## Statements
command-statement = Show your account as it was at a past moment
    .about = Shows balances, positions with their average cost, equity at the prices of then, realised profit, and the orders that were open. Write the moment as 2026-11-01 12:00; a date alone means the end of that day. Without a date it shows the present.
    .moment = A date, with a time if you like, in your time zone
    .examples =
        /statement
        /statement yesterday
        /statement yesterday 18:00
statement-title = Your account on { $at }
statement-no-positions = You held no coins then.
statement-unpriced = No price of { $symbols } is known for that time: their value is not part of the equity.
statement-orders = { $count ->
    [one] 1 open order
   *[other] { $count } open orders
}
error-not-a-date = { $problem ->
    [calendar] The calendar has no { $text }. Check the day and the month.
    [early] { $text } is too long ago. The earliest date is 2009-01-01.
    [future] { $text } is in the future. Enter a date up to today.
   *[other] “{ $text }” is not a date. Write it as 2026-11-01, with a time if you like: 2026-11-01 12:00.
}
error-before-account = Your account was opened later, on { $opened_at }.
error-statement-too-long = Your account has more than { $limit } entries up to that moment, too many to add up for a message. The operator can print the statement with `paperdesk statement`.
label-filled = Filled
parameter-moment = date
