### Held symbols and corporate actions.

kind-action = Corporate action
push-held-title = { $symbol } waits for a decision
push-held = { $known ->
    [yes] { $symbol } returned from a gap in trading at a price far from { $price }, which it had before. It may be another coin now, so nothing of it is traded, filled or alerted until an operator has decided. Your position keeps that price.
   *[no] An operator holds { $symbol }: nothing of it is traded, filled or alerted until they have decided. Your position keeps its last price.
}
push-action-title = { $what ->
    [rename] { $symbol } was renamed
    [redenomination] { $symbol } was redenominated
    [conversion] { $symbol } was converted
   *[delisting] { $symbol } was delisted and paid out
}
push-action-became = { $given } became { $became }. The average cost follows.
push-action-orders = { $count ->
    [one] Your open order on { $symbol } was cancelled, as exchanges do. What it held is available again.
   *[other] Your { $count } open orders on { $symbol } were cancelled, as exchanges do. What they held is available again.
}
push-action-alerts = { $count ->
    [one] Your alert or recurring buy on { $symbol } has ended: its level was one of the old coin. Set a new one if you like.
   *[other] Your { $count } alerts and recurring buys on { $symbol } have ended: their levels were those of the old coin. Set new ones if you like.
}

## Command line
error-action-refused = { $why ->
    [reused] There is an action { $action } with other terms. Choose another name, or give the same terms to continue it.
    [undone] Action { $action } was undone. Choose another name.
    [not-held] The symbol is not held. Hold it first: `paperdesk corporate-action hold SYMBOL`.
    [fresh] The symbol has been held for less than 15 seconds. Wait until every process knows, then try again.
    [busy] Another action on this symbol is not finished. Continue it first: `paperdesk corporate-action list` names it.
   *[other] There is no action { $action }. `paperdesk corporate-action list` shows them.
}
error-not-an-action = { $what ->
    [id] Name the action with small letters, digits, dots and dashes, at most 60, such as luna-2022.
    [ratio] Give --ratio as a number above zero, such as 1000 or 0.001, for a redenomination (other than 1), conversion or rename, and for nothing else.
    [into] Give --into with another symbol for a rename or a conversion, and for nothing else.
    [asset] Give --asset with the coin of the --into symbol for a rename or a conversion, and for nothing else.
    [price] Give --price for a delisting, such as 0.05, and for nothing else.
    [market] Give --market: this symbol is held in several markets, or in none. `paperdesk corporate-action list` names them.
   *[symbol] Give a symbol as the exchange writes it, such as LUNAUSDT.
}
cli-action-dry-run = Nothing was changed. { $action } of { $symbol } would reach { $accounts } accounts with { $quantity } in all, { $orders } open orders, and { $alerts } alerts and recurring buys. Add --confirm to do it.
cli-action-done = Action { $action } is done: { $accounts } accounts. { $symbol } is released.
cli-action-undo-dry-run = Nothing was changed. Undoing { $action } would reverse its entries in { $accounts } accounts. Add --confirm to do it.
cli-action-undone = { $action }: { $accounts } entries were reversed; { $left ->
    [0] none is left.
   *[other] { $left } could not be. Correct these accounts with `paperdesk adjust`, or give the command again once they have what is missing:
}
cli-action-left = { $why ->
    [short] account { $account } lacks { $missing } { $asset }, because it has used what it received
    [grant] account { $account } would have nothing left of what it was granted
    [merged] account { $account } was merged into account { $target }, which has what it received
    [closed] account { $account } was closed
    [round] account { $account } was reset, so it has nothing of it left
   *[action] account { $account } was changed by the later action { $asset }, which has to be undone first
}
cli-action-held = { $symbol } is held from now on.
cli-action-held-already = { $symbol } is held already.
