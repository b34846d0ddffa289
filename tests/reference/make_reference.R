# R's own values of what venaza computes, written to r_values.json beside this script.
#
#   Rscript tests/reference/make_reference.R
#
# Needs the packages survival, cmprsk and jsonlite. Reads the public exports under data/raw/ and,
# where it exists, aml_venaza_adtte.csv beside this script (USUBJID, GROUP, PARAMCD, AVAL, CNSR).
# Times are days. A median is print.survfit's, a quartile quantile.survfit's; the two differ on a
# flat stretch that reaches the last observation, where the left end is taken for both.

suppressPackageStartupMessages({
  library(survival)
  library(cmprsk)
  library(jsonlite)
})

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
root <- file.path(here, "..", "..")
control <- coxph.control(eps = 1e-12, toler.chol = 1e-14, iter.max = 100)

quartile <- function(fit, p) {
  at_level <- abs(fit$surv - (1 - p)) < 1e-9
  if (tail(at_level, 1)) fit$time[at_level][1] else unname(quantile(fit, p, conf.int = FALSE))
}

# Kaplan-Meier of one group: quantiles with log-log limits, and the curve at each day of `days`.
km <- function(time, event, days = numeric(0)) {
  fit <- survfit(Surv(time, event) ~ 1, conf.type = "log-log")
  table <- summary(fit)$table
  reverse <- summary(survfit(Surv(time, 1 - event) ~ 1, conf.type = "log-log"))$table
  at <- lapply(days, function(day) {
    if (day > max(time)) {
      # after the last death of all, survival is 0; after a last censoring nobody knows
      estimate <- if (tail(fit$surv, 1) == 0) 0 else NA
      return(list(day = day, estimate = estimate, lower = NA, upper = NA, n_risk = 0))
    }
    s <- summary(fit, times = day, extend = TRUE)
    list(day = day, estimate = s$surv, lower = s$lower, upper = s$upper, n_risk = s$n.risk)
  })
  list(
    n = length(time), events = sum(event),
    median = table[["median"]], lower = table[["0.95LCL"]], upper = table[["0.95UCL"]],
    median_by_quantile = unname(quantile(fit, 0.5, conf.int = FALSE)),
    q1 = quartile(fit, 0.25), q3 = quartile(fit, 0.75),
    reverse = list(
      median = reverse[["median"]], lower = reverse[["0.95LCL"]], upper = reverse[["0.95UCL"]]
    ),
    curve = if (length(time) < 20) lapply(list(
      time = fit$time, n_risk = fit$n.risk, n_event = fit$n.event,
      estimate = fit$surv, lower = fit$lower, upper = fit$upper
    ), I),
    at = at
  )
}

logrank <- function(time, event, group) {
  fit <- survdiff(Surv(time, event) ~ group)
  df <- sum(fit$exp > 0) - 1
  list(chi_square = fit$chisq, df = df, p_value = pchisq(fit$chisq, df, lower.tail = FALSE))
}

# Univariable Cox; `x` is numeric, or a factor whose first level is the reference.
cox <- function(time, event, x) {
  fit <- coxph(Surv(time, event) ~ x, control = control, ties = "efron")
  s <- summary(fit)
  terms <- if (is.factor(x)) levels(droplevels(x))[-1] else "x"
  setNames(lapply(seq_along(terms), function(i) {
    list(hazard_ratio = s$conf.int[i, 1], lower = s$conf.int[i, 3], upper = s$conf.int[i, 4],
         p_value = s$coefficients[i, 5])
  }), terms)
}

# Cumulative incidence at each day: cmprsk's estimate and variance, log-log limits.
incidence <- function(time, cause, days) {
  fit <- cuminc(time, cause)
  out <- list()
  for (of in c("1", "2")) {
    name <- paste("1", of)
    if (is.null(fit[[name]])) next
    out[[of]] <- lapply(days[days <= max(time)], function(day) {
      p <- timepoints(fit[name], day)
      f <- p$est[1, 1]
      se <- sqrt(p$var[1, 1])
      spread <- qnorm(0.975) * se / (f * log(f))
      limits <- if (f > 0 && f < 1) f^exp(c(-spread, spread)) else c(NA, NA)
      list(day = day, estimate = f, std_error = se, lower = limits[1], upper = limits[2])
    })
  }
  out
}

# All of it for one endpoint by group; cause 0 censored, 1 event, 2 competing event.
endpoint <- function(d, days) {
  groups <- unique(as.character(d$group))
  by <- lapply(setNames(groups, groups), function(g) d[d$group == g, ])
  if (any(d$cause == 2)) {
    return(list(incidence = lapply(by, function(x) incidence(x$time, x$cause, days))))
  }
  list(
    km = lapply(by, function(x) km(x$time, as.integer(x$cause == 1), days)),
    logrank = if (length(groups) > 1) logrank(d$time, as.integer(d$cause == 1), d$group)
  )
}

frame <- function(time, cause, group) {
  data.frame(time = time, cause = as.integer(cause), group = group)
}

result <- list(versions = list(
  R = paste(R.version$major, R.version$minor, sep = "."),
  survival = as.character(packageVersion("survival")),
  cmprsk = as.character(packageVersion("cmprsk"))
))

# bmt ---------------------------------------------------------------------------------------
newest <- function(study, file) {
  folder <- file.path(root, "data", "raw", study)
  days <- sort(grep("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", list.files(folder), value = TRUE))
  read.csv(file.path(folder, tail(days, 1), file), na.strings = c("", "NA"))
}
month <- 365.25 / 12
bmt <- newest("bmt", "bmt.csv")
bmt$name <- c("ALL", "AML low risk", "AML high risk")[bmt$group]
days <- c(12, 24, 60) * month
relapsed <- bmt[bmt$d2 == 1, ]
result$bmt <- list(
  OS = endpoint(frame(bmt$t1, bmt$d1, bmt$name), days),
  DFS = endpoint(frame(bmt$t2, bmt$d3, bmt$name), days),
  PFOS = endpoint(frame(relapsed$t1 - relapsed$t2, relapsed$d1, relapsed$name), days),
  CIR = endpoint(frame(bmt$t2, ifelse(bmt$d2 == 1, 1, ifelse(bmt$d3 == 1, 2, 0)), bmt$name), days)
)
group <- factor(bmt$name, c("ALL", "AML low risk", "AML high risk"))
flag <- factor(ifelse(bmt$z8 == 1, "Y", "N"), c("N", "Y"))
for (name in c("OS", "DFS")) {
  time <- if (name == "OS") bmt$t1 else bmt$t2
  event <- if (name == "OS") bmt$d1 else bmt$d3
  result$bmt[[name]]$cox <- list(
    GROUP = cox(time, event, group), AGE = cox(time, event, bmt$z1), FAB45 = cox(time, event, flag)
  )
}

# myeloid -----------------------------------------------------------------------------------
myeloid <- newest("myeloid", "myeloid.csv")
days <- c(12, 24, 48) * month
first <- with(myeloid, ifelse(is.na(rltime), futime, rltime))
relapse <- !is.na(myeloid$rltime)
crd <- myeloid[!is.na(myeloid$crtime), ]
from_cr <- with(crd, ifelse(is.na(rltime), futime, rltime) - crtime)
cr_cause <- with(crd, ifelse(!is.na(rltime), 1, ifelse(death == 1, 2, 0)))
result$myeloid <- list(
  OS = endpoint(frame(myeloid$futime, myeloid$death, myeloid$trt), days),
  SWR = endpoint(frame(first, relapse | myeloid$death == 1, myeloid$trt), days),
  RFS = endpoint(frame(from_cr, cr_cause > 0, crd$trt), days),
  CIR = endpoint(frame(from_cr, cr_cause, crd$trt), days)
)
result$myeloid$OS$cox <- with(myeloid, list(
  GROUP = cox(futime, death, factor(trt)), SEX = cox(futime, death, factor(toupper(sex), c("M", "F"))),
  FLT3 = cox(futime, death, factor(flt3))
))

# Edge cases: the data stand beside R's answer, so the test reads both from here ------------------
cases <- list(
  ties = frame(c(1, 1, 2, 2, 2, 3, 3, 4, 5, 5, 6, 6), c(1, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0),
               rep(c("A", "B"), 6)),
  all_censored = frame(c(3, 5, 8, 9), rep(0, 4), "A"),
  none_censored = frame(c(2, 4, 4, 7, 11, 13), rep(1, 6), c("A", "B")),
  one_patient_event = frame(7, 1, "A"),
  one_patient_censored = frame(7, 0, "A"),
  one_group_without_events = frame(c(2, 4, 5, 7, 8, 9, 10, 12), c(1, 1, 1, 0, 0, 0, 0, 0),
                                   rep(c("A", "B"), each = 4)),
  events_at_zero = frame(c(0, 0, 0, 3, 5, 5, 8, 9), c(1, 1, 0, 1, 1, 0, 1, 0), rep(c("A", "B"), 4)),
  flat_at_one_half = frame(c(1, 2, 4, 8, 9, 10), c(1, 0, 1, 1, 1, 0), "A"),
  flat_at_one_half_exactly = frame(c(1, 3, 6, 7), c(1, 1, 1, 1), "A"),
  flat_at_quartiles = frame(1:8, rep(1, 8), "A"),
  flat_to_the_end = frame(c(1, 2, 6, 9), c(1, 1, 0, 0), "A"),
  group_gone_before_first_event = frame(c(1, 1, 3, 4, 5, 6), c(0, 0, 1, 1, 1, 0),
                                        rep(c("A", "B", "C"), each = 2)),
  leaves_with_event = frame(c(5, 5, 5, 9), c(1, 0, 0, 1), "A")
)
result$edge <- lapply(cases, function(d) {
  c(list(data = lapply(d, I)), endpoint(d, c(0, 2, 5, 8, 100)))
})
competing <- list(
  textbook = frame(c(3, 3, 5, 5, 8, 9, 10), c(1, 2, 1, 0, 2, 1, 0), "A"),
  all_events = frame(c(1, 1, 2, 2, 2, 3, 4), c(1, 2, 2, 2, 1, 1, 1), "A"),
  at_zero = frame(c(0, 0, 0, 2, 2, 5, 6, 6), c(1, 1, 2, 2, 1, 0, 1, 2), "A"),
  one_kind = frame(c(1, 2, 2, 4), c(2, 2, 0, 2), "A")
)
result$competing <- lapply(competing, function(d) {
  list(data = lapply(d, I), incidence = incidence(d$time, d$cause, sort(unique(d$time))))
})
tied <- frame(c(0, 0, 3, 4, 4, 5, 6, 7, 7, 8), c(1, 1, 1, 0, 1, 1, 1, 1, 1, 0), "A")
tied$x <- c(1, 2, 1, 2, 1, 2, 2, 2, 1, 1)
result$cox_small <- list(data = lapply(tied, I), cox = cox(tied$time, tied$cause, tied$x))

# Proportions ---------------------------------------------------------------------------------
pairs <- list(c(24, 28), c(19, 28), c(5, 19), c(11, 21), c(9, 21), c(1, 9), c(24, 29), c(0, 7),
              c(7, 7))
result$proportions <- lapply(pairs, function(p) {
  list(n = p[1], denominator = p[2], exact = binom.test(p[1], p[2])$conf.int,
       wilson = suppressWarnings(prop.test(p[1], p[2], correct = FALSE))$conf.int)
})
two <- list(c(24, 28, 11, 21), c(19, 28, 9, 21), c(5, 19, 1, 9), c(0, 5, 3, 6), c(5, 5, 3, 6))
result$fisher <- lapply(two, function(p) {
  test <- fisher.test(matrix(c(p[1], p[2] - p[1], p[3], p[4] - p[3]), 2))
  finite <- function(x) if (is.finite(x)) x else NA
  list(first = p[1:2], second = p[3:4], p_value = test$p.value,
       odds_ratio = finite(unname(test$estimate)), lower = finite(test$conf.int[1]),
       upper = finite(test$conf.int[2]))
})
values <- c(74, 61, 68, 79, 55, 81, 70)
result$quantiles <- list(values = values, quantiles = unname(quantile(values, c(0, .25, .5, .75, 1))))

# The primary study, from the pipeline's own ADTTE -------------------------------------------------
primary <- file.path(here, "aml_venaza_adtte.csv")
if (file.exists(primary)) {
  d <- read.csv(primary, fileEncoding = "UTF-8-BOM")
  d$cause <- c(1, 0, 2)[d$CNSR + 1]
  result$aml_venaza <- lapply(split(d, d$PARAMCD), function(x) {
    endpoint(frame(x$AVAL, x$cause, x$GROUP), c(6, 12, 24) * 30)
  })
}

write_json(result, file.path(here, "r_values.json"), auto_unbox = TRUE, digits = NA, na = "null",
           null = "null", pretty = TRUE)
