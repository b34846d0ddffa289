# Needs the R packages survival and, where there are competing risks, cmprsk.

suppressPackageStartupMessages(library(survival))

# The tables ---------------------------------------------------------------------------------

this_folder <- function() {
  file <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
  if (length(file)) dirname(gsub("~+~", " ", file[1], fixed = TRUE)) else "."
}

# Every cell as text; the files start with a byte-order mark, which is no part of the first name.
read_table <- function(...) {
  table <- read.csv(file.path(this_folder(), ...), colClasses = "character", na.strings = "",
                    check.names = FALSE, encoding = "UTF-8")
  names(table)[1] <- gsub("[^A-Za-z_]", "", names(table)[1], useBytes = TRUE)
  table
}

ard <- read_table("ard.csv")
adsl <- read_table("..", "endpoints", "adsl.csv")
adtte <- read_table("..", "endpoints", "adtte.csv")

ard$value <- as.numeric(ard$value)
ard$time <- as.numeric(ard$time)
adsl <- adsl[adsl$ITTFL %in% "Y", ]
adsl$ENDDY <- as.numeric(adsl$ENDDY)

# One endpoint's patients with their covariates: time in days, cause 0 censored, 1 the event,
# 2 a competing event.
patients_of <- function(endpoint) {
  rows <- adtte[adtte$PARAMCD %in% endpoint & !is.na(adtte$AVAL), ]
  rows$days <- as.numeric(rows$AVAL)
  rows$cause <- c(1, 0, 2)[as.integer(rows$CNSR) + 1]
  merge(rows[c("USUBJID", "days", "cause", "EVNTDESC")], adsl, by = "USUBJID")
}
in_group <- function(patients, group) {
  if (is.na(group)) patients else patients[patients$GROUP %in% group, ]
}

# Kaplan-Meier -------------------------------------------------------------------------------

curve <- function(days, event) {
  survfit(Surv(days, event) ~ 1, conf.type = "log-log", conf.int = confidence)
}

# The median is print.survfit's; a quartile is quantile.survfit's, but for a curve that stays at
# exactly that level to its end, where it is the left end, as print.survfit has it for the median.
medians <- function(fit) {
  table <- summary(fit)$table
  unname(table[c("median", grep("LCL$", names(table), value = TRUE),
                 grep("UCL$", names(table), value = TRUE))])
}
quartile <- function(fit, share) {
  level <- abs(fit$surv - (1 - share)) < 1e-9
  if (tail(level, 1)) fit$time[level][1] else unname(quantile(fit, share, conf.int = FALSE))
}

survival_number <- function(row) {
  d <- in_group(patients_of(row$endpoint), row$group)
  event <- d$cause == 1
  if (row$statistic == "n") return(nrow(d))
  if (row$statistic == "events") return(sum(event))
  if (row$statistic == "censored") return(sum(!event))
  if (row$statistic == "n_risk") return(sum(d$days >= row$time - 1e-9))
  if (!nrow(d)) return(NA)
  fit <- curve(d$days, event)
  if (is.na(row$time)) {
    switch(row$statistic,
      median = medians(fit)[1] / days_per_month,
      median_lower = medians(fit)[2] / days_per_month,
      median_upper = medians(fit)[3] / days_per_month,
      median_days = medians(fit)[1],
      q1 = quartile(fit, 0.25) / days_per_month,
      q3 = quartile(fit, 0.75) / days_per_month,
      min = min(d$days) / days_per_month,
      max = max(d$days) / days_per_month
    )
  } else if (row$time > max(d$days)) {
    NA                                        # nothing is said beyond follow-up
  } else {
    at <- summary(fit, times = row$time, extend = TRUE)
    # no log-log limit exists at 0% and 100%; before its first time summary() gives 100% as one
    if (row$statistic != "estimate" && at$surv %in% c(0, 1)) return(NA)
    100 * switch(row$statistic, estimate = at$surv, lower = at$lower, upper = at$upper)
  }
}

# Follow-up by reverse Kaplan-Meier: being censored is the event.
reverse_number <- function(row) {
  d <- in_group(patients_of(row$endpoint), row$group)
  if (!nrow(d)) return(NA)
  found <- medians(curve(d$days, d$cause == 0)) / days_per_month
  found[match(row$statistic, c("median", "median_lower", "median_upper"))]
}

follow_up_number <- function(row) {
  days <- in_group(adsl, row$group)$ENDDY
  share <- c(min = 0, q1 = 0.25, median = 0.5, q3 = 0.75, max = 1)[[row$statistic]]
  unname(quantile(days, share, na.rm = TRUE)) / days_per_month
}

event_number <- function(row) {
  d <- in_group(patients_of(row$endpoint), row$group)
  what <- ifelse(is.na(d$EVNTDESC), "unspecified", d$EVNTDESC)
  sum(d$cause > 0 & what == row$term)
}

# Log-rank -----------------------------------------------------------------------------------

log_rank_number <- function(row) {
  d <- patients_of(row$endpoint)
  d <- d[d$GROUP %in% strsplit(row$term, " vs ", fixed = TRUE)[[1]], ]
  if (!any(d$cause == 1) || length(unique(d$GROUP)) < 2) return(NA)
  fit <- survdiff(Surv(days, cause == 1) ~ GROUP, data = d)
  df <- sum(fit$exp > 0) - 1                  # a group never at risk at an event drops out
  if (df < 1) return(NA)
  switch(row$statistic, chi_square = fit$chisq, df = df,
         p_value = pchisq(fit$chisq, df, lower.tail = FALSE))
}

# Cox, one variable at a time ----------------------------------------------------------------

reference_in <- function(method) sub(".*; reference ", "", method)
is_category <- function(method) grepl("; reference ", method, fixed = TRUE)

cox_number <- function(row) {
  variable <- strsplit(row$ard_id, ".", fixed = TRUE)[[1]][3]
  d <- patients_of(row$endpoint)
  d <- d[!is.na(d[[variable]]), ]
  if (row$statistic == "n") return(nrow(d))
  if (row$statistic == "events") return(sum(d$cause == 1))
  if (is_category(row$method)) {
    # a level without an event has no finite ratio, and the others are estimated without it
    reference <- reference_in(row$method)
    usable <- unique(d[[variable]][d$cause == 1])
    d <- d[d[[variable]] %in% c(usable, reference), ]
    d$x <- relevel(factor(d[[variable]]), reference)
    name <- paste0("x", row$term)
  } else {
    d$x <- as.numeric(d[[variable]])
    name <- "x"
  }
  fit <- coxph(Surv(days, cause == 1) ~ x, data = d, ties = "efron",
               control = coxph.control(eps = 1e-12, toler.chol = 1e-14, iter.max = 100))
  found <- summary(fit, conf.int = confidence)
  switch(row$statistic,
    hazard_ratio = found$conf.int[name, 1], lower = found$conf.int[name, 3],
    upper = found$conf.int[name, 4], p_value = found$coefficients[name, 5]
  )
}

# Cumulative incidence -----------------------------------------------------------------------

# The estimate and variance of cmprsk, limits on the log-log scale.
incidence_number <- function(row) {
  d <- in_group(patients_of(row$endpoint), row$group)
  if (!nrow(d) || row$time > max(d$days)) return(NA)
  cause <- paste("1", c(event = 1, competing = 2)[[row$term]])
  fit <- if (any(d$cause > 0)) cmprsk::cuminc(d$days, d$cause) else list()
  if (is.null(fit[[cause]])) return(if (row$statistic == "estimate") 0 else NA)
  at <- cmprsk::timepoints(fit[cause], row$time)
  f <- at$est[1, 1]
  if (row$statistic == "estimate") return(100 * f)
  if (f <= 0 || f >= 1 - 1e-12) return(NA)
  spread <- qnorm(0.5 + confidence / 2) * sqrt(at$var[1, 1]) / (f * log(f))
  100 * f^exp(if (row$statistic == "lower") -spread else spread)
}

# The comparison -----------------------------------------------------------------------------

kinds <- list(
  km = survival_number, risk = survival_number, rkm = reverse_number,
  followup = follow_up_number, event = event_number, logrank = log_rank_number,
  cox = cox_number, ci = incidence_number
)
ard$kind <- sub("[.].*", "", ard$ard_id)
known <- ard$kind %in% names(kinds) & !grepl("Firth", ard$method)
if (any(ard$kind[known] == "ci") && !requireNamespace("cmprsk", quietly = TRUE)) {
  stop("this study has competing risks: install.packages(\"cmprsk\")")
}
# Where a model was refused (too few events, separation) there is nothing to compare.
refused <- known & ard$kind == "cox" & is.na(ard$value)
checked <- ard[known & !refused, ]
checked$R <- vapply(seq_len(nrow(checked)), function(i) {
  row <- checked[i, ]
  as.numeric(kinds[[row$kind]](row))
}, numeric(1))

both <- !is.na(checked$value) & !is.na(checked$R)
checked$difference <- ifelse(is.na(checked$value) & is.na(checked$R), 0, Inf)
checked$difference[both] <- with(checked[both, ], {
  abs(value - R) / pmax(abs(R), 1e-12)
})
checked$agrees <- checked$difference <= 1e-6

cat(sprintf("R %s.%s, survival %s\n\n", R.version$major, R.version$minor,
            packageVersion("survival")))
cat(sprintf("%-10s %8s %8s %8s   %s\n", "numbers", "checked", "agree", "differ",
            "largest relative difference"))
for (kind in intersect(names(kinds), checked$kind)) {
  part <- checked[checked$kind == kind, ]
  cat(sprintf("%-10s %8d %8d %8d   %.1e\n", kind, nrow(part), sum(part$agrees),
              sum(!part$agrees), max(part$difference)))
}
if (any(!checked$agrees)) {
  cat("\nNumbers that differ:\n")
  wrong <- checked[!checked$agrees, c("ard_id", "value", "R", "difference")]
  print(format(wrong, digits = 8), row.names = FALSE)
}
if (any(refused)) {
  cat("\nModels that the run refused, not compared:\n")
  models <- unique(data.frame(model = sub("[.][^.]*$", "", ard$ard_id[refused]),
                              reason = ard$reason[refused]))
  cat(sprintf("  %s: %s\n", models$model, models$reason), sep = "")
}
left <- table(ard$kind[!known])
cat("\nNot recomputed here: ", paste0(names(left), " (", left, ")", collapse = ", "), "\n", sep = "")
cat(sprintf("\n%d numbers agree, %d differ\n", sum(checked$agrees), sum(!checked$agrees)))
if (!interactive()) quit(status = as.integer(any(!checked$agrees)))
