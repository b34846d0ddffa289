# R's own values with late entry (left truncation), written to r_truncation.json beside this script.
#
#   Rscript tests/reference/make_truncation.R
#
# Needs survival and jsonlite. `veteran_from_diagnosis` counts the time of the lung cancer trial from
# diagnosis, with entry at randomisation (diagtime, in months of 30 days); `mgus2_by_age` counts in
# months of age, with entry at the diagnosis of the gammopathy. `edge` holds made-up rows. Surv(start,
# stop, event) throughout, a start of -1 for who was there from day 0. survdiff knows no entry: the
# log-rank test is the score test of coxph with exact ties (which goes through all combinations of
# the tied: hours for the many deaths of one month in mgus2, where it is left out). cmprsk knows none either: incidence is
# survfit's, without limits.

suppressPackageStartupMessages({
  library(survival)
  library(jsonlite)
})

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
control <- coxph.control(eps = 1e-12, toler.chol = 1e-14, iter.max = 100)
from <- function(entry) ifelse(entry == 0, -1, entry)

medians <- function(fit) {
  table <- summary(fit)$table
  list(median = table[["median"]], lower = table[["0.95LCL"]], upper = table[["0.95UCL"]])
}

km <- function(d, days) {
  fit <- survfit(Surv(start, time, event) ~ 1, data = d, conf.type = "log-log")
  reverse <- survfit(Surv(start, time, 1 - event) ~ 1, data = d, conf.type = "log-log")
  quartiles <- unname(quantile(fit, c(0.25, 0.75), conf.int = FALSE))
  at <- summary(fit, times = days)
  c(list(n = nrow(d), events = sum(d$event)), medians(fit), list(
    q1 = quartiles[1], q3 = quartiles[2], reverse = medians(reverse),
    at = lapply(seq_along(days), function(i) {
      list(day = days[i], estimate = at$surv[i], lower = at$lower[i], upper = at$upper[i],
           n_risk = sum(d$start < days[i] & d$time >= days[i]))
    })
  ))
}

score <- function(fit) {
  df <- length(coef(fit))
  list(chi_square = fit$score, df = df, p_value = pchisq(fit$score, df, lower.tail = FALSE))
}
logrank <- function(d) {
  score(coxph(Surv(start, time, event) ~ group, data = d, ties = "exact",
              control = coxph.control(iter.max = 0)))
}
stratified <- function(d) {
  score(coxph(Surv(start, time, event) ~ group + strata(stratum), data = d, ties = "exact",
              control = coxph.control(iter.max = 0)))
}

numbers_of <- function(fit, names) {
  s <- summary(fit)
  setNames(lapply(seq_along(names), function(i) {
    list(hazard_ratio = s$conf.int[i, 1], lower = s$conf.int[i, 3], upper = s$conf.int[i, 4],
         p_value = s$coefficients[i, 5])
  }), names)
}
tests_of <- function(fit) {
  found <- cox.zph(fit, transform = "km")$table
  lapply(split(found, rownames(found)), function(row) {
    list(chi_square = row[1], df = row[2], p_value = row[3])
  })
}
cox <- function(d, variable) {
  x <- d[[variable]]
  fit <- coxph(reformulate(variable, "Surv(start, time, event)"), data = d, control = control)
  numbers_of(fit, if (is.factor(x)) levels(x)[-1] else "x")
}
zph <- function(d, variables) {
  tests_of(coxph(reformulate(variables, "Surv(start, time, event)"), data = d, control = control))
}

rmst <- function(d, horizon) {
  fit <- survfit(Surv(start, time, event) ~ 1, data = d)
  found <- unname(summary(fit, rmean = horizon)$table[c("rmean", "se(rmean)")])
  list(estimate = found[1], se = found[2])
}

incidence <- function(d, days) {
  fit <- survfit(Surv(start, time, factor(cause, 0:2)) ~ 1, data = d, id = seq_len(nrow(d)))
  lapply(c("1" = "1", "2" = "2"), function(of) {
    at <- summary(fit, times = days)$pstate[, match(of, fit$states)]
    lapply(seq_along(days), function(i) {
      list(day = days[i], estimate = at[i], lower = NA, upper = NA)
    })
  })
}

by_group <- function(d, f, ...) lapply(split(d, d$group), f, ...)

# The lung cancer trial from diagnosis --------------------------------------------------------
trial <- with(veteran, data.frame(
  start = from(30 * diagtime), time = 30 * diagtime + time, event = status,
  group = factor(trt, 1:2, c("standard", "test")), stratum = celltype,
  KARNO = karno, CELLTYPE = factor(celltype, c("squamous", "smallcell", "adeno", "large"))
))
trial$GROUP <- trial$group
days <- c(180, 360, 720)
month <- 30
whole <- coxph(Surv(start, time, event) ~ GROUP + KARNO + CELLTYPE, data = trial, control = control)
result <- list(versions = list(
  R = paste(R.version$major, R.version$minor, sep = "."),
  survival = as.character(packageVersion("survival"))
))
result$veteran_from_diagnosis <- list(OS = list(
  km = by_group(trial, km, days),
  logrank = logrank(trial),
  stratified = stratified(trial),
  rmst = by_group(trial, rmst, 24 * month),
  cox = list(GROUP = cox(trial, "GROUP"), KARNO = cox(trial, "KARNO"),
             CELLTYPE = cox(trial, "CELLTYPE")),
  zph = list(GROUP = zph(trial, "GROUP")$GROUP, KARNO = zph(trial, "KARNO")$KARNO),
  multivariable = list(
    n = nrow(trial), events = sum(trial$event),
    columns = numbers_of(whole, c("GROUP.test", "KARNO", "CELLTYPE.smallcell", "CELLTYPE.adeno",
                                  "CELLTYPE.large")),
    zph = tests_of(whole)
  )
))

# The gammopathy by age -----------------------------------------------------------------------
first <- with(mgus2, ifelse(pstat == 1, ptime, futime))
people <- with(mgus2, data.frame(
  start = from(12 * age), time = 12 * age + futime, event = death, group = factor(sex), HGB = hgb
))
people$GROUP <- people$group
pcm <- with(mgus2, data.frame(
  start = from(12 * age), time = 12 * age + first, cause = ifelse(pstat == 1, 1, 2 * death),
  group = factor(sex)
))
ages <- 12 * c(60, 75, 90)
result$mgus2_by_age <- list(
  OS = list(
    km = by_group(people, km, ages),
    cox = list(GROUP = cox(people, "GROUP"), HGB = cox(people, "HGB")),
    zph = list(GROUP = zph(people, "GROUP")$GROUP)
  ),
  PCM = list(incidence = by_group(pcm, incidence, ages))
)

# Made up: entry on an event day, ties, day 0, a risk set that runs empty, nobody at first -------
edge <- list(
  entry_on_event_days = data.frame(
    entry = c(0, 3, 3, 5, 0, 6, 0, 5), time = c(3, 5, 6, 6, 6, 9, 0, 12),
    event = c(1, 1, 1, 0, 1, 1, 1, 0)
  ),
  runs_empty = data.frame(
    entry = c(0, 0, 5, 4, 10), time = c(2, 4, 9, 12, 14), event = c(1, 1, 1, 0, 1)
  ),
  nobody_at_first = data.frame(
    entry = c(2, 4, 4, 7, 9), time = c(8, 10, 6, 12, 15), event = c(1, 0, 1, 1, 0)
  )
)
result$edge <- lapply(edge, function(d) {
  fit <- survfit(Surv(from(entry), time, event) ~ 1, data = d, conf.type = "log-log")
  list(data = as.list(d), curve = list(
    time = fit$time, n_risk = fit$n.risk, estimate = fit$surv, lower = fit$lower, upper = fit$upper
  ))
})

write_json(result, file.path(here, "r_truncation.json"), auto_unbox = TRUE, digits = NA, na = "null",
           null = "null", pretty = TRUE)
