### The watchlist.

command-watch = Show your watchlist, or add symbols to it
    .about = Shows the price and 24-hour change of each symbol on your watchlist. With symbols, adds them first.
    .symbols = Symbols to add, such as { COIN() } { COIN(2) }; leave them out to see the list
    .examples =
        /watch
        /watch { COIN() } { COIN(2) }

command-unwatch = Remove symbols from your watchlist
    .about = Without symbols, lists your watchlist as buttons to remove from.
    .symbols = Symbols to remove, such as { COIN() }
    .examples = /unwatch { COIN() }

watch-title = Your watchlist
watch-empty = Your watchlist is empty. Add symbols with /watch { COIN() } { COIN(2) }.
watch-added = { $count ->
    [0] Already on your watchlist: { $symbols }
   *[other] Added: { $symbols }
}
watch-removed = Removed: { $symbols }
watch-remove-which = Which symbol should be removed?
watch-absent = not in this market
watch-not-here = Some of these are not traded in this market. They stay on your watchlist.
button-watchlist = Watchlist
button-unwatch = Remove…

error-watchlist-full = Your watchlist can hold up to { $limit } symbols. Remove some with /unwatch first.
error-not-watched = “{ $text }” is not on your watchlist. /watch shows the list.
