### Strategies: rules saved under a name, and rules in plain words.

discord-command-strategy = strategy
discord-option-request = request
parameter-request = strategy
command-strategy = Save trading rules under a name, explain and share them
    .about = A rule says when to buy and sell, how much, and where to stop: when CONDITION buy SIZE when CONDITION sell SIZE stop 5% tp 10% trail 3%. Conditions compare prices and indicators with < <= > >=, crosses above or crosses below, joined by and, or, not, within 5 bars. Other intervals are written rsi(14)@4h, earlier candles close[1]. A strategy trades nothing by itself.
    .request = A name, or save NAME RULE on { COIN() } 1h, share NAME, unshare NAME, delete NAME
    .examples =
        /strategy save dip when rsi(14) < 30 buy 25% when rsi(14) > 55 sell max stop 5% on { COIN() } 1h
        /strategy save trend when close crosses above sma(50) buy max when close crosses below sma(50) sell on { COIN() } 4h
        /strategy

## List and card
strategies-title = Your strategies
strategies-none = You have saved no strategy.
strategies-how = Save one: /strategy save dip when rsi(14) < 30 buy 25% when rsi(14) > 55 sell max on { COIN() } 1h
label-strategy = Strategy
label-strategy-interval = Interval
label-strategy-warm-up = Candles it reads
strategy-title = Strategy { $name }
strategy-bars = { $bars ->
    [one] { $bars } candle
   *[other] { $bars } candles
}
strategy-saved = “{ $name }” is saved.
strategy-replaced = The previous rule of “{ $name }”, on { $on }: { $rule }
strategy-delete-ask = Delete the strategy “{ $name }”?
strategy-deleted = “{ $name }” is deleted.
strategy-again = This line saves it again:
strategy-share-link = Whoever opens this link sees the strategy and can save it:
strategy-unshared = “{ $name }” is no longer shared: its link and buttons show nothing any more.
strategy-share-ended = The strategy that you shared has changed. Its link is no longer valid; share it again if you like.
strategy-share-line = This line saves it:
strategy-of-other = Shared by someone else. It trades nothing by itself; test it before you trust it.
button-strategies = Strategies
button-strategy-backtest = Back-test
button-strategy-share = Share
button-strategy-unshare = Stop sharing
button-strategy-delete = Delete…
button-strategy-see = As others see it
button-strategy-take = Save for me

## Rules in plain words
rule-buy = Buys { $size } when { $condition }.
rule-sell = Sells { $size } when { $condition }.
rule-stop = Sells if the price falls { $share } below the entry.
rule-target = Takes the profit { $share } above the entry.
rule-trail = Sells if the price falls { $share } below its highest since the entry.
rule-never-sells = Never sells by itself.
rule-decided = Decided when a candle of { $interval } closes, traded at the next open.
rule-size-share-buy = with { $share } of the account
rule-size-share-sell = { $share } of the position
rule-size-max-buy = with all the cash
rule-size-max-sell = everything
rule-size-coins = { $amount } coins
rule-is-below = { $left } is below { $right }
rule-is-at-most = { $left } is at most { $right }
rule-is-above = { $left } is above { $right }
rule-is-at-least = { $left } is at least { $right }
rule-crosses-above = { $left } crosses above { $right }
rule-crosses-below = { $left } crosses below { $right }
rule-not = it is false that ({ $condition })
rule-within = { $condition } at one of the last { $bars } candles
rule-and = { $one } and { $other }
rule-or = { $one } or { $other }
rule-price-open = the open
rule-price-high = the high
rule-price-low = the low
rule-price-close = the close
rule-price-volume = the volume
rule-figure-interval = { $figure } of { $interval } candles
rule-figure-lag = { $figure } { $bars ->
    [one] { $bars } candle
   *[other] { $bars } candles
} before

## Errors
error-rule-syntax-error = { $problem ->
    [missing] The rule ends too early. It can go on with: { $allowed }.
    [unknown] “{ $word }” is not known here. Possible: { $allowed }.
    [bounds] “{ $word }” is out of bounds. The minimum and the maximum: { $allowed }.
    [number] “{ $word }” is not a plain number, or can be read in more than one way. Choose what you mean: { $allowed }.
    [whole] “{ $word }” has to be a whole number.
    [repeated] “{ $word }” is there twice. Leave one out.
    [percent] “{ $word }%” is a percentage of nothing. Write it after a figure, such as sma(200) + 2%, or write a number without %.
    [constant] Two numbers are compared. One side needs a figure, such as close or rsi(14).
    [range] A range of numbers is several rules. Write one number here; ranges are for tests of many rules.
    [length] The rule is too long. Written out, it may have { $allowed } characters.
    [depth] Too many parentheses are nested. At most { $allowed } are possible.
    [nodes] The rule has too many parts. At most { $allowed } figures and operators are possible.
    [rules] The ranges make too many rules. At most { $allowed } are possible; use a larger step.
   *[other] { $allowed ->
        [none] “{ $word }” has no place in a rule.
       *[other] “{ $word }” cannot stand here. Possible: { $allowed }.
    }
}
rule-allowed-figure = a figure such as close or rsi(14)
rule-allowed-number = a number
rule-allowed-interval = an interval, such as 4h
rule-allowed-operator = an operator
error-rule-needs-wider-interval = A rule on { $wanted } candles cannot use figures of { $interval } candles. Use { $wanted } or wider ones.
error-rule-reaches-too-far = This rule needs { $candles } closed candles before its first signal; at most { $limit } are read. Use shorter indicators, or a wider interval for the rule.
error-rule-too-costly = This rule takes { $percent }% of the work that one robot or alert may cause. Use fewer figures or shorter lengths.
error-unknown-strategy = { $nearest ->
    [none] You have no strategy “{ $name }”. /strategy lists yours.
   *[other] You have no strategy “{ $name }”. Did you mean { $nearest }?
}
error-too-many-strategies = You have { $limit } strategies, which is the limit. Delete one first: /strategy lists them.
error-strategy-not-shared = No strategy is shared under “{ $shared }”. It may have been changed or deleted, or its owner ended the sharing.
error-strategy-name-refused = “{ $text }” cannot be a name. Use up to 20 letters and digits that begin with a letter, and no word of the rule language.
error-strategy-without-coin = Name the coin at the end: on { COIN() } 1h
