### Kept targets of weights.

discord-command-rebalance = rebalance
discord-option-target = target
words-rebalance = rebalancing, target
phrases-rebalance = rebalance my portfolio, keep weights
command-rebalance = Keep target weights, see how far you are from them, and trade back
    .about = Keeps the weights that you want. The rest up to 100% is cash; “without cash” spreads only the money in the coins. Shows how far each weight has drifted and the orders that lead back, which one confirmation places. You are notified once when a weight leaves its band, 5 percentage points unless you set another; this is checked every hour. With a rhythm, the orders are placed by themselves at that time if a band was left, within your limits. “manual” ends the rhythm, “off” removes the target.
    .target = Weights such as { COIN() } 50% { COIN(2) } 30%, band 3%, weekly mon 9:00, manual or off
    .examples =
        /rebalance { COIN() } 50% { COIN(2) } 30%
        /rebalance
        /rebalance { COIN() } 60% { COIN(2) } 40% without cash band 3%
        /rebalance weekly mon 9:00
        /rebalance manual
parameter-target = COIN SHARE ... band SHARE
rebalance-title = Target and drift
rebalance-none = You keep no target yet. Type the weights that you want, such as /rebalance { COIN() } 50% { COIN(2) } 30%: the rest is cash. Or let /optimize find weights and keep them.
rebalance-saved = Your target is saved.
rebalance-kept = These weights are your target now. You are notified when one drifts too far.
rebalance-removed = Your target and its schedule are removed. Your coins stay as they are.
rebalance-outside = Outside the band of ±{ $band }: { $coins }
rebalance-inside = Every weight is within ±{ $band } of its target.
rebalance-stale = The drift is not known right now: a price is missing or delayed.
rebalance-nothing = You hold none of these coins, so there is no money to spread. Include cash, or buy one of them first.
rebalance-manual = Nothing is traded by itself. With /rebalance weekly mon 9:00 the orders are placed at that time if a band was left.
rebalance-scheduled = Trades back by itself { $rhythm } ({ $timezone }) if a band was left; next: { $moment }
label-rebalance-drift = Drift
button-rebalance = Rebalance
button-rebalance-keep = Keep these weights
button-rebalance-weekly = Every Monday 9:00
button-rebalance-manual = End schedule
button-rebalance-band = Band ±{ $band }
button-rebalance-with-cash = Include cash
button-rebalance-without-cash = Leave cash out
button-rebalance-remove = Remove target
notice-drift = Drift from the target
push-rebalance-title = A weight has left its band
push-rebalance-failed = Your rebalancing of { $day } failed
push-rebalance-missed = I was offline when your rebalancing of { $day } was due, and it is too late for it now
push-rebalance-next = Next: { $moment }
push-rebalance-ended = After three failures in a row, the schedule has ended. Your target stays.
error-no-target = You keep no target yet. Type the weights that you want, such as /rebalance { COIN() } 50% { COIN(2) } 30%.
error-weight-twice = You gave { $symbol } two weights. Enter each coin once.
error-weights-above-one = These weights sum to { $share }, more than 100%. Lower one of them.
error-weights-below-one = These weights sum to { $share }. Without cash they have to sum to 100%.
error-band-out-of-range = “{ $text }” is not a valid band. A band is from 0.1% to 100%, such as band 5%.
