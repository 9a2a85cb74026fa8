### The watchlist.

command-watch = Show your watchlist, or add symbols to it
    .about = Shows what you watch, with the price and the change of 24 hours. With symbols it adds them first.
    .symbols = Symbols to add, such as BTC ETH; leave them out to see the list
    .examples =
        /watch
        /watch BTC ETH

command-unwatch = Take symbols off your watchlist
    .about = Without symbols it offers what you watch, as buttons.
    .symbols = Symbols to take off, such as BTC
    .examples = /unwatch BTC

watch-title = Your watchlist
watch-empty = You watch nothing yet. /watch BTC ETH begins a list.
watch-added = { $count ->
    [0] On your list already: { $symbols }
   *[other] Added: { $symbols }
}
watch-removed = Taken off: { $symbols }
watch-remove-which = Which one should go?
watch-absent = not in this market
watch-not-here = Some of these are not traded in this market. They stay on your list.
button-watchlist = Watchlist
button-unwatch = Remove…

error-watchlist-full = You can watch { $limit } symbols at most. Take some off with /unwatch first.
error-not-watched = “{ $text }” is not on your watchlist. /watch shows it.
