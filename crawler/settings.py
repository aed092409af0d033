"""Scrapy's settings, for `tealeaves crawl` and for `python -m scrapy` in a clone alike; every line with its reason.

What the user configures (contact, database, private addresses) is added by MonitorSpider.update_settings.
"""

BOT_NAME = "tealeaves"
SPIDER_MODULES = ["crawler.spiders"]

# Politeness (reliability R1 to R5). DOWNLOAD_DELAY is the floor; Crawl-delay makes it longer (middlewares.politeness).
DOWNLOAD_DELAY = 5
DOWNLOAD_DELAY_JITTER = 0  # the gap is a promise, not an average
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # one connection per host
CONCURRENT_REQUESTS = 256  # waiting in a lane counts as running, so this is the number of hosts visited side by side
HOST_BUDGET = 500  # requests to a host in a day
ROBOTSTXT_OBEY = False  # Scrapy's own takes a 5xx robots.txt for permission; middlewares.robots obeys RFC 9309
RETRY_TIMES = 1  # the frontier tries again hours later; more in one run would be hammering
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the reason stands in the table of the crawl
RETRY_HTTP_CODES = [500, 502, 504, 522, 524]  # never 403, 412, 429, 503, 521: those are refusals
COOKIES_ENABLED = False  # a site learns nothing about us; `cookies: true` is honoured by our own middleware
REFERER_ENABLED = False
REFERRER_POLICY = "no-referrer"  # also where a source's file makes us send one ourselves
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.8,*/*;q=0.5",
    "Accept-Language": "zh-CN,zh;q=0.9",
}

# Hostile answers (F6, F7).
DOWNLOAD_MAXSIZE = 20 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_FAIL_ON_DATALOSS = True
DOWNLOAD_VERIFY_CERTIFICATES = True  # the handler falls back and marks the capture (F10)
DOWNLOAD_HANDLERS = {
    "http": "crawler.handlers.CarefulHandler",
    "https": "crawler.handlers.CarefulHandler",
    "file": None,  # a redirect to file:///etc/passwd reads nothing (F5)
    "data": None,
    "ftp": None,
    "s3": None,
}
TWISTED_DNS_RESOLVER = "crawler.resolver.GuardedResolver"  # the one gate of every connection (F1, F2)
REACTOR_THREADPOOL_MAXSIZE = 32  # names are looked up in threads; ten would queue behind one dead name server

# No listening port of any kind (F8).
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# The frontier keeps what is known and what is pending; nothing of it lives in Scrapy.
HTTPCACHE_ENABLED = False  # its RFC 2616 policy makes no request at all on pages with an old Last-Modified
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # what a killed crawl left comes first, lists in page order
SCHEDULER_START_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"

# Measured: these two cost 1.6 of 2.5 ms CPU a page.
WARN_ON_GENERATOR_RETURN_VALUE = False
CONCURRENT_ITEMS = 4

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # passes what has dont_filter; ours does not
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,  # reads the environment; handlers.py honours `egress`
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,  # nobody reads it; the health extension counts
    "crawler.middlewares.address_guard.AddressGuard": 50,
    "crawler.middlewares.robots.Robots": 100,
    "crawler.middlewares.redirects.Redirects": 580,
    "crawler.middlewares.unpacking.Unpacking": 590,
    "crawler.middlewares.cookies.Cookies": 700,
    "crawler.middlewares.politeness.Politeness": 900,
}
# Every one of Scrapy's own is off: each is a generator more around every request and page that the spider yields.
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # 404, 304 and block pages are answers to be seen
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # drops long addresses without a word
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
EXTENSIONS = {
    "scrapy.extensions.logstats.LogStats": None,  # the health extension says it better
    "scrapy.extensions.corestats.CoreStats": None,
    "crawler.extensions.pool.WorkerPool": 10,
    "crawler.extensions.health.Health": 20,
}
ITEM_PIPELINES = {
    "pipelines.archive.ArchivePipeline": 100,
    "pipelines.read.ReadPipeline": 200,
    "pipelines.save.SavePipeline": 300,
}
WORKER_COUNT = 2
WORKER_PREPARE = "pipelines.read.prepare"

LOG_LEVEL = "INFO"  # each source's state; `tealeaves crawl` prints a table and sets WARNING
LOG_FORMATTER = "crawler.logs.ShortFormatter"
LOG_VERSIONS: list[str] = []
STATS_DUMP = False
