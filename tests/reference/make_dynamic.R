# R's own values of what changes during follow-up, written to r_dynamic.json beside this script.
#
#   Rscript tests/reference/make_dynamic.R
#
# Needs the packages survival, cmprsk and jsonlite. Gray's test, stratified log-rank, restricted
# means, Cox models with a time-dependent covariate, Mantel-Byar, Simon-Makuch, landmarks; on the
# public exports under data/raw/ and on edge cases whose data stand beside R's answer. Days.

suppressPackageStartupMessages({
  library(survival)
  library(cmprsk)
  library(jsonlite)
})

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
control <- coxph.control(eps = 1e-12, toler.chol = 1e-14, iter.max = 100)

newest <- function(study, file) {
  folder <- file.path(here, "..", "..", "data", "raw", study)
  days <- sort(grep("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", list.files(folder), value = TRUE))
  read.csv(file.path(folder, tail(days, 1), file), na.strings = c("", "NA"))
}

test <- function(chi, df) {
  list(chi_square = chi, df = df, p_value = pchisq(chi, df, lower.tail = FALSE))
}

gray <- function(time, cause, group) {
  t <- cuminc(time, cause, group)$Tests["1", ]
  test(t[["stat"]], t[["df"]])
}

stratified <- function(time, event, group, stratum) {
  fit <- survdiff(Surv(time, event) ~ group + strata(stratum))
  expected <- if (is.matrix(fit$exp)) rowSums(fit$exp) else fit$exp
  test(fit$chisq, sum(expected > 0) - 1)
}

rmst <- function(time, event, horizon) {
  t <- survival:::survmean(survfit(Surv(time, event) ~ 1), rmean = horizon)$matrix
  list(estimate = unname(t[grep("^\\*?rmean", names(t))]), se = unname(t[grep("^\\*?se", names(t))]))
}

# Normal limits of one mean, and the difference of two independent ones, by hand.
limits <- function(estimate, se) {
  list(estimate = estimate, se = se, lower = estimate - qnorm(0.975) * se,
       upper = estimate + qnorm(0.975) * se)
}
means_of <- function(time, event, group, horizon) {
  by <- lapply(split(data.frame(time, event), group), function(x) {
    m <- rmst(x$time, x$event, horizon)
    limits(m$estimate, m$se)
  })
  if (length(by) == 2) {
    d <- limits(by[[1]]$estimate - by[[2]]$estimate, sqrt(by[[1]]$se^2 + by[[2]]$se^2))
    d$p_value <- 2 * pnorm(-abs(d$estimate) / d$se)
    d$se <- NULL
    by$difference <- d
  }
  by
}

# (start, stop] rows by hand: the change half a day earlier where it falls on the last day, a time
# of 0 half a day long.
counting <- function(time, event, change, stratum) {
  stop <- ifelse(time == 0, 0.5, time)
  change <- ifelse(!is.na(change) & change == time, stop - 0.5, change)
  rows <- lapply(seq_along(time), function(i) {
    c1 <- change[i]
    if (is.na(c1) || c1 >= stop[i]) {
      return(data.frame(start = 0, stop = stop[i], event = event[i], x = 0, s = stratum[i]))
    }
    if (c1 <= 0) {
      return(data.frame(start = 0, stop = stop[i], event = event[i], x = 1, s = stratum[i]))
    }
    data.frame(start = c(0, c1), stop = c(c1, stop[i]), event = c(0, event[i]), x = 0:1,
               s = stratum[i])
  })
  do.call(rbind, rows)
}

dynamic <- function(time, event, change, stratum, days) {
  d <- counting(time, event, change, stratum)
  fit <- coxph(Surv(start, stop, event) ~ x + strata(s), d, control = control, ties = "efron")
  s <- summary(fit)
  exact <- coxph(Surv(start, stop, event) ~ x + strata(s), d, ties = "exact")
  curves <- survfit(Surv(start, stop, event) ~ x, d, conf.type = "log-log")
  at <- lapply(0:1, function(k) {
    p <- summary(curves[k + 1], times = days, extend = TRUE)
    # summary.survfit gives those at risk at the next time of the curve, entries between included
    n <- sapply(days, function(day) sum(d$x == k & d$start < day & d$stop >= day))
    lapply(list(estimate = p$surv, lower = p$lower, upper = p$upper, n_risk = n), I)
  })
  list(
    cox = list(hazard_ratio = s$conf.int[1, 1], lower = s$conf.int[1, 3],
               upper = s$conf.int[1, 4], p_value = s$coefficients[1, 5]),
    n = length(time), events = sum(event), exposed = sum(d$x),
    mantel_byar = test(exact$score, 1),
    simon_makuch = list(days = I(days), unexposed = at[[1]], exposed = at[[2]])
  )
}

landmark <- function(time, event, change, stratum, day) {
  kept <- time > day
  by_then <- !is.na(change) & change <= day
  state <- ifelse(by_then, "remission", "no_remission")[kept]
  left <- time[kept] - day
  medians <- lapply(split(data.frame(left, e = event[kept]), paste(stratum[kept], state)), function(x) {
    t <- summary(survfit(Surv(left, e) ~ 1, x, conf.type = "log-log"))$table
    list(n = nrow(x), events = sum(x$e), median = t[["median"]], lower = t[["0.95LCL"]],
         upper = t[["0.95UCL"]])
  })
  list(excluded = sum(!kept), arms = medians,
       test = stratified(left, event[kept], state, stratum[kept]))
}

result <- list(versions = list(
  R = paste(R.version$major, R.version$minor, sep = "."),
  survival = as.character(packageVersion("survival")),
  cmprsk = as.character(packageVersion("cmprsk"))
))

# bmt: platelet recovery as time-dependent covariate ------------------------------------------
bmt <- newest("bmt", "bmt.csv")
bmt$name <- c("ALL", "AML low risk", "AML high risk")[bmt$group]
cause <- with(bmt, ifelse(d2 == 1, 1, ifelse(d3 == 1, 2, 0)))
ends <- ifelse(bmt$d2 == 1, bmt$t2, bmt$t1) # relapse or death: not t2 of patient 38
platelets <- ifelse(bmt$dp == 1, bmt$tp, NA)
result$bmt <- list(
  gray = list(CIR = list(event = gray(ends, cause, bmt$name),
                         competing = gray(ends, c(0, 2, 1)[cause + 1], bmt$name))),
  stratified = list(OS = stratified(bmt$t1, bmt$d1, bmt$name, bmt$z3)),
  rmst = list(OS = means_of(bmt$t1, bmt$d1, bmt$name, 12 * 30.4375)),
  dynamic = list(OS = list(PLATELETS = dynamic(bmt$t1, bmt$d1, platelets, bmt$name, c(50, 365))))
)

# myeloid: transplant and complete remission --------------------------------------------------
m <- newest("myeloid", "myeloid.csv")
crd <- m[!is.na(m$crtime), ]
from_cr <- with(crd, ifelse(is.na(rltime), futime, rltime) - crtime)
cr_cause <- with(crd, ifelse(!is.na(rltime), 1, ifelse(death == 1, 2, 0)))
result$myeloid <- list(
  gray = list(CIR = list(event = gray(from_cr, cr_cause, crd$trt),
                         competing = gray(from_cr, c(0, 2, 1)[cr_cause + 1], crd$trt))),
  stratified = list(OS = stratified(m$futime, m$death, m$trt, m$flt3)),
  rmst = list(OS = means_of(m$futime, m$death, m$trt, 24 * 30.4375)),
  dynamic = list(OS = list(
    REMISSION = dynamic(m$futime, m$death, m$crtime, m$trt, c(100, 365)),
    TRANSPLANT = dynamic(m$futime, m$death, m$txtime, m$trt, c(100, 365))
  )),
  landmark = list(OS = list(
    d60 = landmark(m$futime, m$death, m$crtime, m$trt, 60),
    d90 = landmark(m$futime, m$death, m$crtime, m$trt, 90)
  ))
)

# Edge cases ------------------------------------------------------------------------------------
frame <- function(time, cause, group, stratum = "s") {
  data.frame(time = time, cause = cause, group = group, stratum = stratum)
}
three <- frame(c(3, 3, 5, 5, 8, 9, 10, 2, 2, 5, 6, 7, 7, 12, 1, 4, 4, 6, 11, 13),
               c(1, 2, 1, 0, 2, 1, 0, 1, 1, 2, 1, 0, 2, 1, 2, 1, 1, 2, 0, 1),
               c(rep("A", 7), rep("B", 7), rep("C", 6)))
result$gray <- lapply(list(
  ties = three,
  two_groups = three[three$group != "C", ],
  no_competing = transform(three, cause = as.integer(cause == 1)),
  none_censored = transform(three, cause = ifelse(cause == 0, 1, cause)),
  one_group_without_events = transform(three, cause = ifelse(group == "B" & cause == 1, 2, cause)),
  heavy_ties = transform(three, time = (time + 3) %/% 4)
), function(d) c(list(data = lapply(d, I)), gray(d$time, d$cause, d$group)))

strata <- frame(c(1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 1, 3, 3, 9), c(1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1),
                c("A", "B", "A", "B", "A", "B", "A", "B", "A", "B", "A", "A", "A", "A"),
                c(rep("u", 6), rep("v", 4), rep("w", 4)))
result$stratified <- lapply(list(
  stratum_with_one_group = strata,
  three_groups = transform(strata, group = c("A", "B", "C", "A", "B", "C", "A", "B", "C", "A", "B", "C", "A", "B")),
  stratum_without_events = transform(strata, cause = ifelse(stratum == "v", 0, cause)),
  group_never_at_risk = rbind(strata, frame(c(0.5, 0.5), 0, "C", "u"))
), function(d) c(list(data = lapply(d, I)), stratified(d$time, d$cause, d$group, d$stratum)))

means <- list(
  ties = frame(c(1, 1, 2, 2, 2, 3, 3, 4, 5, 5, 6, 6), c(1, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0), "A"),
  to_zero = frame(c(1, 2, 2, 4, 6), rep(1, 5), "A"),
  no_event = frame(c(6, 7, 8), c(0, 0, 0), "A"),
  event_at_zero = frame(c(0, 0, 3, 5, 8, 9), c(1, 0, 1, 1, 0, 1), "A")
)
result$rmst <- lapply(means, function(d) {
  c(list(data = lapply(d, I)), horizon = list(lapply(c(4, 5.5), function(h) {
    c(list(horizon = h), rmst(d$time, d$cause, h))
  })))
})

change <- list(
  textbook = data.frame(time = c(5, 8, 10, 12, 3, 9, 14, 2, 6, 11), event = c(1, 1, 1, 0, 1, 1, 1, 1, 1, 0),
                        change = c(2, NA, 4, 6, NA, 3, NA, NA, 1, 5), stratum = "s"),
  on_the_last_day = data.frame(time = c(5, 8, 10, 12, 3, 9, 14, 2, 6, 11), event = c(1, 1, 1, 0, 1, 1, 1, 1, 1, 0),
                               change = c(5, NA, 4, 12, NA, 3, NA, 2, 1, 20), stratum = "s"),
  on_day_0 = data.frame(time = c(0, 0, 5, 8, 8, 10, 3, 9, 3, 2), event = c(1, 0, 1, 1, 1, 0, 1, 1, 1, 1),
                        change = c(0, NA, 0, NA, 4, -2, NA, 3, 2, NA), stratum = "s"),
  ties_in_strata = data.frame(time = c(4, 4, 4, 6, 6, 6, 9, 9, 4, 4, 6, 6, 6, 9, 9, 12),
                              event = c(1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1),
                              change = c(2, NA, 3, NA, 4, 1, NA, 6, NA, 1, 2, NA, NA, 4, NA, 6),
                              stratum = rep(c("u", "v"), each = 8))
)
result$change <- lapply(change, function(d) {
  c(list(data = lapply(d, I)), dynamic(d$time, d$event, d$change, d$stratum, c(3, 6, 8)))
})

write_json(result, file.path(here, "r_dynamic.json"), auto_unbox = TRUE, digits = NA, na = "null",
           null = "null", pretty = TRUE)
