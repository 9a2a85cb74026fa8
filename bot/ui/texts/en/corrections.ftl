### Corrections by operators: reversals and adjustments.

kind-reversal = Reversal
kind-adjustment = Adjustment
history-reversal = Reversal of order { $order_id }
history-reason = { $trade } · { $reason }
history-undone = { $trade } · reversed
label-reason = Reason

push-reversal = Order { $order_id } was reversed: { $trade }
push-adjustment = Your cash was adjusted: { $amount }
push-correction-operator = An operator of Paperdesk made this correction. It is not counted as profit or loss of yours.

## Command line
error-unknown-entry = Nothing in the ledger matches { $reference }. Give the number of an order as /history shows it, entry:N, or command:ID.
error-not-an-entry = { $text } names no entry of the ledger. Give the number of an order as /history shows it, entry:N, or command:ID.
error-not-reversible = { $reference } cannot be reversed: { $kind ->
    [reversal] it is a reversal itself. Correct it with `paperdesk adjust`.
    [hold] it only holds money for an open order. The order's owner cancels it with /cancel.
    [release] it only returned money that was held.
    [merge] it merged two accounts. The user undoes a link with /unlink.
    [merged] it merged two accounts. The user undoes a link with /unlink.
   *[other] only orders, adjustments and corporate actions can be. Correct it with `paperdesk adjust`.
}
error-already-reversed = { $reference } was reversed before, by entry { $reversal_id }. Nothing was changed.
error-round-ended = Account { $account_id } was reset after { $reference }, so it has nothing of it left. Nothing was changed.
error-entry-of-former-unit = { $reference } counts coins in the unit from before the corporate action { $action }, so it cannot be reversed. Undo the action first, or correct the account with `paperdesk adjust`. Nothing was changed.
error-account-ended = Account { $account_id } was closed or merged into another. Correct the account that has its money with `paperdesk adjust`.
error-unknown-account = There is no account { $account_id }. /audit with the user's number shows the accounts.
error-correction-short = Account { $account_id } has { $missing } { $asset } too little available for this{ $held ->
    [0] . Reverse the later orders that used it first, or adjust by what is there.
   *[other] ; { $held } { $asset } is on hold for open orders. Ask the user to cancel them, or reverse the later orders that used the rest first.
} Nothing was changed.
error-grant-exhausted = A debit must leave account { $account_id } a part of what it was granted, which its profit is measured against. Nothing was changed.
error-no-reason = Give a reason of 1 to { $limit } characters with --reason: the user and the audit read it.
error-not-an-adjustment = { $text } is no amount to credit or debit. Write it with its sign, such as +100 or -25.50.
cli-reversed = Reversed by entry { $entry_id }, account { $account_id }: { $moved }
cli-adjusted = Adjusted by entry { $entry_id }, account { $account_id }: { $moved }
