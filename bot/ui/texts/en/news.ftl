### News: headlines, their tone and their record.

discord-command-news = news
command-news = Show headlines with their tone, about all coins or one
    .about = Headlines of the feeds that the operator chose, newest first, with the tone of each title, its source and its age. The tone is that of the words, from a lexicon for crypto headlines in English and Korean; it is not a forecast. “record” shows how often coins then moved that way, beside the base rate.
    .symbol = The coin, such as { COIN() }, or record
    .examples =
        /news
        /news { COIN() }
        /news record
choice-news-record = Record
news-title = News
news-title-coin = News about { $symbol }
news-none = No headline was published in the last { $days } days.
news-none-coin = No headline named this coin in the last { $days } days.
news-tone = Tone of the last 24 hours: { $score }, { $word } ({ $count ->
    [one] one headline
   *[other] { $count } headlines
})
news-tone-none = No headline in the last 24 hours.
news-tone-word = { $size ->
    [neutral] neutral
    [strong] { $sign ->
        [good] very good
       *[bad] very bad
    }
   *[plain] { $sign ->
        [good] good
       *[bad] bad
    }
}
news-note = { $word } · { $source } · { $age } ago
news-model = A model trained on past headlines gives the newest one a { $chance } probability of a higher price after { $hours } hours.
news-about = The tone is that of the words of the title, from -1 to +1. It is not a forecast and not advice; /news record shows how often it was right.
news-record-title = Record of the tone
news-column-model = By
news-column-hits = Right
news-column-base = Base rate
news-column-gain = Difference, pp
news-column-events = Events / days
news-name-rules = Rules
news-name-model = Model
news-few-rules = Rules: { $events } independent events on { $days } days so far. From { $least } events on { $least_days } days on, the record is shown here.
news-few-model = Model: { $events } events on { $days } days were tested so far. From { $least } on { $least_days } days on, its record is shown here.
news-verdict-rules = { $better ->
    [yes] Rules: after good headlines coins rose, and after bad ones they fell, more often than the base rate says.
   *[no] Rules: no edge found. Coins did not follow the tone more often than the base rate says.
}
news-verdict-model = { $better ->
    [yes] Model: better than the base rate on headlines that it had not seen, so its probability is shown.
   *[no] Model: not better than the base rate on headlines that it had not seen, so its probability is not shown.
}
news-record-about = Right: over the { $hours } hours from the next open after the headline was read, the coin moved in the direction of the tone. Base rate: always naming the more frequent direction. Of the headlines about a coin, only the first within { $hours } hours counts. The difference is an interval (95% for the rules, 99.8% for the model, which is tested every night) that treats a day as one observation.
push-headlines = { $count ->
    [one] A headline about your coins
   *[other] Headlines about your coins
}
button-news-all = All news
button-news-record = Record
button-news-push-on = Send me headlines
button-news-push-off = No more headlines
notice-headlines = Headlines about your coins
label-feeds = News feeds
status-feeds = { $works } of { $all } work
status-feed-fault = { $reason }; { $count } in a row, last worked: { $since }
feed-fault = { $fault ->
    [local] leads to a local address
    [scheme] leads to an address that is not https
    [redirects] redirects too often
    [unreachable] cannot be reached
    [status] answers with an error
    [slow] answers too slowly
    [body] answer too long or packed in an unknown way
    [type] answer is no feed by its type
    [encoding] unknown encoding
    [dtd] declares entities
   *[unreadable] is no readable feed
}
error-no-news = There is no news here: the operator has listed no feeds. Everything else works.
