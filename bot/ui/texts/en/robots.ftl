### Robots: rules that trade on paper.

discord-command-robot = robot
command-robot = Run a strategy on paper with a part of your account
    .about = A robot follows a saved strategy on closed candles and trades at the first price after the candle, with no more than its budget. Your limits apply, and each order has its receipt. It survives restarts; a candle that it missed is not traded late. Without an argument, lists your robots, to pause, resume, stop or compare with a back-test. /strategy saves a rule.
    .strategy = A strategy of yours, or the number of a robot
    .budget = The most it may spend: 1000{ $unit }, or 10% of what is available
    .examples =
        /robot

parameter-budget = BUDGET
parameter-strategy = STRATEGY
parameter-robot_id = NUMBER

## Starting
robot-preview-title = Run “{ $name }” on paper?
robot-ask-budget = How much may “{ $name }” spend? Choose a share of what is available, or type an amount.
robot-preview-about = It may spend { $budget } in all, and what its sales bring. Nothing is reserved: it shares your account with your own orders. Stop loss and take profit rest in /orders.
robot-preview-limits = { $count ->
    [0] You have no limits. /limits sets some, and robots keep them too.
    [one] Your limit applies. A purchase that it refuses pauses the robot.
   *[other] Your { $count } limits apply. A purchase that they refuse pauses the robot.
}
robot-started = Started: { $name }. Its first candle closes { $moment }
robot-started-about = You get a message for each order, and if it pauses or ends.

## Watching
robots-title = Robots
robots-none = No robots yet. Save a rule with /strategy, then press “Run on paper” on its card.
robots-about = Profit and loss since the start, open positions at the current price, fees included.
robot-title = Robot { $name }
robot-state-running = Running
robot-state-paused = Paused
robot-state-stopping = Stopping
robot-state-stopped = Stopped
robot-state-ended = Ended
robot-reason-user = by you
robot-reason-limit = a limit was reached
robot-reason-funds = not enough available
robot-reason-coins = its coins are not available
robot-reason-refused = an order was refused
robot-reason-late = no price soon enough after the candle
robot-reason-gone = the position was sold already
robot-reason-unprotected = its stop is not in place
robot-reason-linked = accounts were linked
robot-reason-parted = the link was undone
robot-reason-sold = position sold
robot-reason-kept = position left in your account
robot-reason-delisted = the coin was delisted
robot-reason-reset = the account was reset
robot-reason-action = the coin was changed
robot-reason-corrected = an order was reversed
robot-reason-uncomputed = its rule could not be computed
robot-reason-unreadable = its rule cannot be read
robot-of-strategy = Robot { $name }: { $state }, { $profit }
robot-no-position = none
robot-position = { $held } at { $price }
robot-protected = orders { $orders }

## The log
robot-log-title = What robot { $name } did
robot-log-trade = { $side ->
    [buy] Bought { $quantity } at { $price } (order { $order })
   *[sell] { $protective ->
        [yes] Stop or take profit: sold { $quantity } at { $price } (order { $order })
       *[no] Sold { $quantity } at { $price } (order { $order })
    }
}
robot-log-missed = { $count ->
    [one] Missed a candle. It is not traded late.
   *[other] Missed { $count } candles. They are not traded late.
}
robot-log-dropped = Order dropped: { $reason }

## The comparison
robot-compare-title = Robot { $name } and its back-test
robot-compare-same = { $count ->
    [one] { $same } of { $count } order is the same in candle, amount and price.
   *[other] { $same } of { $count } orders are the same in candle, amount and price.
}
robot-compare-profit = Realised: robot { $forward }, back-test { $tested }
robot-compare-none = Neither the robot nor the back-test has traded yet.
robot-compare-about = The back-test runs the same rule and budget over the same candles ({ $candles } with those that warm it up). It knows nothing of pauses, missed candles or a live order book.

## Changing
robot-did-pause = Paused: { $name } places nothing. Orders that protect its position stay.
robot-did-resume = Resumed: { $name } goes on with the next candle that closes.
robot-ask-stop = { $name } holds { $held }. Sell it or keep it?
robot-ask-stop-about = Selling cancels what protects the position and sells at the market. Keeping leaves the coins and their orders to you.
robot-did-stop = { $done ->
    [sell] { $name } is stopping and sells its position. The receipt follows.
    [keep] { $name } is stopping. Its coins and the orders that protect them are yours now.
   *[none] { $name } is stopping.
}

## Notices
push-robot-paused = Robot { $name } is paused
push-robot-stopped = Robot { $name } has stopped
push-robot-ended = Robot { $name } has ended
push-robot-why-limit = A limit refused its purchase.
push-robot-why-funds = Your account has not enough available for its purchase.
push-robot-why-coins = The coins that it was to sell are not available: they were sold, or another order holds them.
push-robot-why-refused = The desk refused its order.
push-robot-why-unprotected = Its position has no stop or take profit: the orders ended or could not be placed. Resume it to place them again.
push-robot-why-linked = The account was linked with another one. Resume it if it should go on.
push-robot-why-parted = The link with another account was undone.
push-robot-why-sold = You stopped it, and it has sold its position.
push-robot-why-kept = You stopped it. What it held is yours, with the orders that protect it.
push-robot-why-delisted = Its coin was delisted.
push-robot-why-reset = The account was reset.
push-robot-why-action = Its coin was renamed, redenominated, converted or taken off the market. What became of it is in your account.
push-robot-why-corrected = An operator reversed one of its orders.
push-robot-why-uncomputed = The rule could not be computed on a candle, so it gives no signals, not even to sell. A stop or take profit in /orders stays. Resume the robot to try again.
push-robot-why-unreadable = This version of Paperdesk cannot read the robot or its rule. What it holds stays in your account. Stop it and start another one.
push-robot-holds = It holds { $held }.
push-robot-profit = Realised so far: { $profit }

## Buttons, labels
button-strategy-robot = Run on paper
button-robots = Robots
button-robot = Robot { $number }
button-robot-pause = Pause
button-robot-resume = Resume
button-robot-stop = Stop
button-robot-log = Log
button-robot-compare = Compare
button-robot-sell = Stop and sell { $asset }
button-robot-keep = Stop and keep { $asset }
label-robot = Robot
label-robot-market = Market
label-robot-state = State
label-robot-budget = Budget
label-robot-cash = Still to spend
label-robot-position = Position
label-robot-protection = Protected by
label-robot-profit = Profit
label-robot-trades = Orders
label-robot-event = Event
label-robot-side = Side
label-robot-forward = Robot
label-robot-tested = Back-test

## Errors
error-too-many-robots = You already have { $limit } robots that run or are paused, the maximum. Stop one in /robot first.
error-robots-too-costly = With this one, your robots take { $percent }% of the work that the robots of one user may cause. Stop one in /robot first, or use fewer figures or shorter lengths.
error-unknown-robot = Robot { $robot_id } does not exist. /robot lists yours.
error-robot-ended = Robot { $robot_id } has stopped and can't be changed any more. /robot lists yours.
error-budget-out-of-range = A robot's budget must be at least { $least } and at most { $most } { $asset }, what you have available.
error-over-budget = The order would have cost more than the robot may spend, so it was not placed.
error-not-next-step = The robot changed meanwhile, so this order was not placed.
