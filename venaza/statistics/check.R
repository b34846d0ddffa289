# Needs the R packages survival and, where there are competing risks, cmprsk.

suppressPackageStartupMessages(library(survival))

# The tables ---------------------------------------------------------------------------------

this_folder <- function() {
  file <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
  if (length(file)) dirname(gsub("~+~", " ", file[1], fixed = TRUE)) else "."
}

# Every cell as text; the files start with a byte-order mark, which is no part of the first name,
# and a text that a spreadsheet would run (+, -, =, @) has an apostrophe before it.
read_table <- function(...) {
  table <- read.csv(file.path(this_folder(), ...), colClasses = "character", na.strings = "",
                    check.names = FALSE, encoding = "UTF-8")
  names(table)[1] <- gsub("[^A-Za-z_]", "", names(table)[1], useBytes = TRUE)
  table[] <- lapply(table, function(text) {
    sub("^'(?='*[-=+@\t\r\n\uff1d\uff0b\uff0d\uff20])", "", text, perl = TRUE)
  })
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
# 2 a competing event; entered is the day from which a patient is at risk, 0 for from the start.
patients_of <- function(endpoint) {
  rows <- adtte[adtte$PARAMCD %in% endpoint & !is.na(adtte$AVAL), ]
  rows$days <- as.numeric(rows$AVAL)
  rows$started <- as.numeric(rows$STARTDY)
  entered <- pmax(as.numeric(rows$ENTRYDY) - ifelse(is.na(rows$started), 0, rows$started), 0)
  rows$entered <- ifelse(is.na(entered), 0, entered)
  rows$cause <- c(1, 0, 2)[as.integer(rows$CNSR) + 1]
  merge(rows[c("USUBJID", "days", "entered", "cause", "EVNTDESC", "started")], adsl,
        by = "USUBJID")
}

# Time and event, with the entry where any is late. Who was there from the start is at risk on
# day 0 as well, which (-1, days] says.
late <- function(d) any(d$entered > 0)
response <- function(d, event = d$cause == 1) {
  if (!late(d)) return(Surv(d$days, event))
  Surv(ifelse(d$entered == 0, -1, d$entered), d$days, event)
}
at_risk <- function(d, time) {
  sum(d$days >= time - 1e-9 & (d$entered == 0 | d$entered < time - 1e-9))
}

# The day on which everybody at risk failed before the last patient had come: from there on the
# estimate is 0 whatever becomes of those who come later, and the run gives none.
emptied <- function(d, failed) {
  if (!late(d)) return(Inf)
  times <- sort(unique(d$days[failed]))
  gone <- vapply(times, function(t) sum(failed & d$days == t) == at_risk(d, t), logical(1))
  min(times[gone & times <= max(d$entered)], Inf)
}
# Once all with the longest time have failed nobody is left, and a curve stays where it is; before
# anybody came under observation nothing is known.
all_failed <- function(d, failed) all(failed[d$days == max(d$days)])
unknown_at <- function(d, failed, time) {
  end <- emptied(d, failed)
  time < min(d$entered) ||
    (time > last_known(d$days, end) && (end < Inf || !all_failed(d, failed)))
}
before <- function(values, day) ifelse(values < day, values, NA)
in_group <- function(patients, group) {
  if (is.na(group)) patients else patients[patients$GROUP %in% group, ]
}

# Kaplan-Meier -------------------------------------------------------------------------------

curve <- function(d, event) {
  survfit(response(d, event) ~ 1, conf.type = "log-log", conf.int = confidence)
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

# The end of follow-up, or the last time before the curve says no more.
last_known <- function(days, end) if (end == Inf) max(days) else max(0, days[days < end])

survival_number <- function(row, d = in_group(patients_of(row$endpoint), row$group)) {
  event <- d$cause == 1
  if (row$statistic == "n") return(nrow(d))
  if (row$statistic == "events") return(sum(event))
  if (row$statistic == "censored") return(sum(!event))
  if (row$statistic == "n_risk") return(at_risk(d, row$time))
  if (!nrow(d)) return(NA)
  fit <- curve(d, event)
  end <- emptied(d, event)
  if (is.na(row$time)) {
    middle <- before(medians(fit), end)
    switch(row$statistic,
      median = middle[1] / days_per_month,
      median_lower = middle[2] / days_per_month,
      median_upper = middle[3] / days_per_month,
      median_days = middle[1],
      q1 = before(quartile(fit, 0.25), end) / days_per_month,
      q3 = before(quartile(fit, 0.75), end) / days_per_month,
      min = min(d$days) / days_per_month,
      max = max(d$days) / days_per_month
    )
  } else if (unknown_at(d, event, row$time)) {
    NA                                        # nothing is said beyond follow-up
  } else {
    at <- summary(fit, times = row$time, extend = TRUE)
    # no log-log limit exists at 0% and 100%; before its first time summary() gives 100% as one
    if (row$statistic != "estimate" && at$surv %in% c(0, 1)) return(NA)
    100 * switch(row$statistic, estimate = at$surv, lower = at$lower, upper = at$upper)
  }
}

# Survival after failure by the kind of the first later therapy.
salvage_number <- function(row) {
  d <- in_group(patients_of(row$endpoint), row$group)
  kind <- ifelse(is.na(d$PFTRTCL), "not recorded", d$PFTRTCL)
  survival_number(row, d[ifelse(d$PFTRTFL %in% "Y", kind, "none") == row$term, ])
}

# Follow-up by reverse Kaplan-Meier: being censored is the event.
reverse_number <- function(row) {
  d <- in_group(patients_of(row$endpoint), row$group)
  if (!nrow(d)) return(NA)
  found <- before(medians(curve(d, d$cause == 0)), emptied(d, d$cause == 0)) / days_per_month
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

# Comparisons of groups ----------------------------------------------------------------------

compared <- function(row) {
  d <- patients_of(row$endpoint)
  d[d$GROUP %in% strsplit(row$term, " vs ", fixed = TRUE)[[1]], ]
}
tested <- function(statistic, chi_square, df) {
  if (df < 1) return(NA)
  switch(statistic, chi_square = chi_square, df = df,
         p_value = pchisq(chi_square, df, lower.tail = FALSE))
}

# survdiff knows no late entries (the score test of coxph with exact ties does, but goes through all
# combinations of the tied), so here is its sum: observed less expected events and their
# hypergeometric variance at each time. A group that expects none drops out.
late_log_rank <- function(statistic, d, stratum) {
  groups <- sort(unique(d$GROUP))
  excess <- expected <- numeric(length(groups))
  variance <- matrix(0, length(groups), length(groups))
  for (one in unique(stratum)) for (time in unique(d$days[d$cause == 1 & stratum == one])) {
    here <- stratum == one & d$days >= time & (d$entered == 0 | d$entered < time)
    died <- here & d$days == time & d$cause == 1
    n <- sum(here)
    share <- vapply(groups, function(g) sum(here & d$GROUP == g), numeric(1)) / n
    own <- vapply(groups, function(g) sum(died & d$GROUP == g), numeric(1))
    excess <- excess + own - sum(died) * share
    expected <- expected + sum(died) * share
    spread <- if (n > 1) sum(died) * (n - sum(died)) / (n - 1) else 0
    variance <- variance + spread * (diag(share, length(groups)) - outer(share, share))
  }
  kept <- which(expected > 0)
  if (length(kept) < 2) return(NA)
  used <- kept[-1]
  found <- sum(excess[used] * solve(variance[used, used, drop = FALSE], excess[used]))
  tested(statistic, found, length(used))
}

log_rank_number <- function(row) {
  d <- compared(row)
  if (!any(d$cause == 1) || length(unique(d$GROUP)) < 2) return(NA)
  if (late(d)) return(late_log_rank(row$statistic, d, rep(1, nrow(d))))
  fit <- survdiff(Surv(days, cause == 1) ~ GROUP, data = d)
  tested(row$statistic, fit$chisq, sum(fit$exp > 0) - 1)    # a group never at risk drops out
}

stratified_number <- function(row) {
  d <- compared(row)
  strata <- strsplit(sub(".* stratified by ", "", row$method), ", ", fixed = TRUE)[[1]]
  d <- d[stats::complete.cases(d[strata]), ]
  if (row$statistic == "n") return(nrow(d))
  if (!any(d$cause == 1) || length(unique(d$GROUP)) < 2) return(NA)
  d$stratum <- interaction(d[strata], drop = TRUE)
  if (late(d)) return(late_log_rank(row$statistic, d, as.character(d$stratum)))
  fit <- survdiff(Surv(days, cause == 1) ~ GROUP + strata(stratum), data = d)
  tested(row$statistic, fit$chisq, sum(rowSums(as.matrix(fit$exp)) > 0) - 1)
}

gray_number <- function(row) {
  d <- compared(row)
  if (late(d)) return(NA)                     # cuminc knows no late entries
  cause <- if (grepl(".competing.", row$ard_id, fixed = TRUE)) "2" else "1"
  if (!any(d$cause == cause) || length(unique(d$GROUP)) < 2) return(NA)
  found <- cmprsk::cuminc(d$days, d$cause, d$GROUP)$Tests[cause, ]
  tested(row$statistic, found[["stat"]], found[["df"]])
}

# Restricted mean survival to the horizon, with R's own standard error; groups compared by a z-test.
restricted_mean <- function(d, horizon) {
  if (!nrow(d)) return(c(NA, NA))
  fit <- survfit(response(d) ~ 1)
  end <- emptied(d, d$cause == 1)
  if (horizon > last_known(d$days, end) && (end < Inf || min(fit$surv) > 0)) return(c(NA, NA))
  unname(summary(fit, rmean = horizon)$table[c("rmean", "se(rmean)")])
}
restricted_number <- function(row) {
  d <- patients_of(row$endpoint)
  if (is.na(row$term)) {
    found <- restricted_mean(in_group(d, row$group), row$time)
  } else {
    groups <- strsplit(row$term, " minus ", fixed = TRUE)[[1]]
    both <- vapply(groups, function(g) restricted_mean(in_group(d, g), row$time), numeric(2))
    found <- c(both[1, 1] - both[1, 2], sqrt(sum(both[2, ]^2)))
  }
  spread <- qnorm(0.5 + confidence / 2) * found[2]
  switch(row$statistic,
    estimate = found[1] / days_per_month, se = found[2] / days_per_month,
    lower = (found[1] - spread) / days_per_month, upper = (found[1] + spread) / days_per_month,
    p_value = 2 * pnorm(-abs(found[1] / found[2]))
  )
}

# Cox ----------------------------------------------------------------------------------------

# The covariates of a model by its rows of the ARD: `cox.` and `zph.` have one, `coxm.` and `zphm.`
# those of the whole model.
variable_in <- function(ard_id, endpoint) {
  rest <- substring(ard_id, nchar(sub("[.].*", "", ard_id)) + nchar(endpoint) + 3)
  sub("[.].*", "", rest)
}
model_rows <- function(row) {
  together <- row$kind %in% c("coxm", "zphm")
  kind <- if (together) "coxm" else "cox"
  rows <- ard[ard$kind == kind & ard$endpoint == row$endpoint & ard$statistic == "hazard_ratio", ]
  rows$variable <- variable_in(rows$ard_id, row$endpoint)
  if (together) rows else rows[rows$variable == variable_in(row$ard_id, row$endpoint), ]
}
is_category <- function(method) grepl("; reference ", method, fixed = TRUE)
per_of <- function(method) if (grepl("; per ", method)) as.numeric(sub(".*; per ", "", method)) else 1

# The patients who have all covariates, each in a column: numbers, or factors with the reference
# first. A level without an event has no finite ratio, and the others are estimated without it.
model_data <- function(rows, endpoint) {
  d <- patients_of(endpoint)
  d <- d[stats::complete.cases(d[unique(rows$variable)]), ]
  for (variable in unique(rows$variable)) {
    method <- rows$method[rows$variable == variable][1]
    if (is_category(method)) {
      levels <- c(sub(".*; reference ", "", method), rows$term[rows$variable == variable])
      d[[variable]] <- factor(d[[variable]], levels)
    } else {
      d[[variable]] <- as.numeric(d[[variable]]) / per_of(method)
    }
  }
  d
}
with_events <- function(d, variables) {
  for (variable in variables[vapply(d[variables], is.factor, logical(1))]) {
    happened <- as.character(d[[variable]][d$cause == 1])
    d <- d[d[[variable]] %in% c(happened, levels(d[[variable]])[1]), ]
    d[[variable]] <- droplevels(d[[variable]])
  }
  d
}
fitted_cox <- function(rows, endpoint) {
  variables <- unique(rows$variable)
  d <- with_events(model_data(rows, endpoint), variables)
  coxph(reformulate(sprintf("`%s`", variables), "response(d)"), data = d,
        ties = "efron", control = coxph.control(eps = 1e-12, toler.chol = 1e-14, iter.max = 100))
}

cox_number <- function(row) {
  rows <- model_rows(row)
  variable <- variable_in(row$ard_id, row$endpoint)
  if (row$statistic %in% c("n", "events", "parameters")) {
    d <- model_data(rows, row$endpoint)
    return(switch(row$statistic, n = nrow(d), events = sum(d$cause == 1), parameters = nrow(rows)))
  }
  fit <- fitted_cox(rows, row$endpoint)
  name <- if (is_category(row$method)) paste0(variable, row$term) else variable
  at <- match(name, gsub("`", "", names(coef(fit))))
  found <- summary(fit, conf.int = confidence)
  switch(row$statistic,
    hazard_ratio = found$conf.int[at, 1], lower = found$conf.int[at, 3],
    upper = found$conf.int[at, 4], p_value = found$coefficients[at, 5]
  )
}

# Score test of proportional hazards.
zph_number <- function(row) {
  found <- cox.zph(fitted_cox(model_rows(row), row$endpoint), transform = "km")$table
  at <- match(row$term, gsub("`", "", rownames(found)))
  found[at, c(chi_square = "chisq", df = "df", p_value = "p")[[row$statistic]]]
}

# What changes during follow-up ---------------------------------------------------------------

# The day of each patient's first such milestone, or of an own column with days; from the index.
day_of <- function(source) {
  if (source %in% names(adsl)) return(setNames(as.numeric(adsl[[source]]), adsl$USUBJID))
  rows <- read_table("..", "endpoints", "milestones.csv")
  rows <- rows[rows$MILESTONE == source & !is.na(rows$ADY), ]
  tapply(as.numeric(rows$ADY), rows$USUBJID, min)
}
changing <- function(endpoint, source) {
  d <- patients_of(endpoint)
  d$change <- as.numeric(day_of(source)[d$USUBJID]) - ifelse(is.na(d$started), 0, d$started)
  d$stratum <- if (all(is.na(d$GROUP))) "all" else d$GROUP
  d[!is.na(d$stratum), ]
}

landmark_number <- function(row) {
  d <- changing(row$endpoint, "FIRST_REMISSION")
  here <- d$days > row$time & d$entered <= row$time
  if (is.na(row$term)) {
    return(nrow(in_group(d, row$group)) - nrow(in_group(d[here, ], row$group)))
  }
  d <- d[here, ]
  d$days <- d$days - row$time
  d$entered <- rep(0, nrow(d))
  d$changed <- !is.na(d$change) & d$change <= row$time
  if (row$term != "remission vs no remission") {
    row$time <- NA
    return(survival_number(row, in_group(d[d$changed == (row$term == "remission"), ], row$group)))
  }
  if (!any(d$cause == 1) || length(unique(d$changed)) < 2) return(NA)
  fit <- survdiff(Surv(days, cause == 1) ~ changed + strata(stratum), data = d)
  tested(row$statistic, fit$chisq, 1)
}

# (start, stop] before and after the change. One on the last day counts half a day earlier, and a
# time of 0 days lasts half a day.
intervals <- function(d) {
  stop <- ifelse(d$days == 0, 0.5, d$days)
  change <- ifelse(is.na(d$change), Inf, d$change)
  change <- pmax(ifelse(change == d$days, stop - 0.5, change), d$entered)
  shared <- d[c("GROUP", "stratum")]
  unchanged <- data.frame(shared, start = d$entered, stop = pmin(stop, change), exposed = 0,
                       event = d$cause == 1 & change >= stop)
  after <- data.frame(shared, start = change, stop = stop, exposed = 1, event = d$cause == 1)
  rbind(unchanged[change > d$entered, ], after[change < stop, ])
}
change_number <- function(row) {
  parts <- strsplit(substring(row$ard_id, nchar(row$kind) + nchar(row$endpoint) + 3), ".",
                    fixed = TRUE)[[1]]
  d <- changing(row$endpoint, changes[[paste0(row$endpoint, ".", parts[1])]])
  spans <- intervals(d)
  if (row$kind == "simonmakuch") {
    spans <- in_group(spans, row$group)
    spans <- spans[spans$exposed == (parts[3] == "exposed"), ]
    return(sum((spans$start < row$time | spans$start == 0) & spans$stop >= row$time - 1e-9))
  }
  if (row$statistic == "n") return(nrow(d))
  if (row$statistic == "events") return(sum(spans$event))
  if (row$statistic == "exposed") return(sum(spans$exposed))
  ties <- if (row$kind == "mantelbyar") "exact" else "efron"
  fit <- coxph(Surv(start, stop, event) ~ exposed + strata(stratum), data = spans, ties = ties,
               control = coxph.control(eps = 1e-12, toler.chol = 1e-14, iter.max = 100))
  if (row$kind == "mantelbyar") return(tested(row$statistic, fit$score, 1))
  found <- summary(fit, conf.int = confidence)
  switch(row$statistic, hazard_ratio = found$conf.int[1, 1], lower = found$conf.int[1, 3],
         upper = found$conf.int[1, 4], p_value = found$coefficients[1, 5])
}

# Cumulative incidence -----------------------------------------------------------------------

# With late entries survival's own estimate; the run gives no limits there.
late_incidence <- function(row, d) {
  if (row$statistic != "estimate") return(NA)
  state <- c(event = "1", competing = "2")[[row$term]]
  start <- ifelse(d$entered == 0, -1, d$entered)
  fit <- survfit(Surv(start, d$days, factor(d$cause, 0:2)) ~ 1, id = seq_len(nrow(d)))
  100 * summary(fit, times = row$time, extend = TRUE)$pstate[1, match(state, fit$states)]
}

# The estimate and variance of cmprsk, limits on the log-log scale.
incidence_number <- function(row) {
  d <- in_group(patients_of(row$endpoint), row$group)
  if (!nrow(d) || unknown_at(d, d$cause > 0, row$time)) return(NA)
  row$time <- min(row$time, max(d$days))
  if (late(d)) return(late_incidence(row, d))
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
  logrank_stratified = stratified_number, salvage = salvage_number, rmst = restricted_number,
  cox = cox_number, coxm = cox_number, zph = zph_number, zphm = zph_number,
  landmark = landmark_number, tdcox = change_number, mantelbyar = change_number,
  simonmakuch = change_number, ci = incidence_number, gray = gray_number
)
models <- c("cox", "coxm", "zph", "zphm", "tdcox", "mantelbyar")
ard$kind <- sub("[.].*", "", ard$ard_id)
# No package that these lines use fits Firth's penalty.
penalised <- grepl("Firth", ard$method) & !ard$statistic %in% c("n", "events", "parameters")
known <- ard$kind %in% names(kinds) & !penalised
if (any(ard$kind[known] %in% c("ci", "gray")) && !requireNamespace("cmprsk", quietly = TRUE)) {
  stop("this study has competing risks: install.packages(\"cmprsk\")")
}
# Where a model was refused (too few events, separation), or what it would rest on is too little to
# be given, there is nothing to compare.
refused <- known & is.na(ard$value) &
  (ard$kind %in% models | grepl("^too few to", ard$reason))
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
cat(sprintf("%-18s %8s %8s %8s   %s\n", "numbers", "checked", "agree", "differ",
            "largest relative difference"))
for (kind in intersect(names(kinds), checked$kind)) {
  part <- checked[checked$kind == kind, ]
  cat(sprintf("%-18s %8d %8d %8d   %.1e\n", kind, nrow(part), sum(part$agrees),
              sum(!part$agrees), max(part$difference)))
}
if (any(!checked$agrees)) {
  cat("\nNumbers that differ:\n")
  wrong <- checked[!checked$agrees, c("ard_id", "value", "R", "difference")]
  print(format(wrong, digits = 8), row.names = FALSE)
}
if (any(refused)) {
  cat("\nWhat the run refused, not compared:\n")
  empty <- unique(data.frame(model = sub("[.][^.]*$", "", ard$ard_id[refused]),
                              reason = ard$reason[refused]))
  cat(sprintf("  %s: %s\n", empty$model, empty$reason), sep = "")
}
left <- table(ard$kind[!known])
cat("\nNot recomputed here: ", paste0(names(left), " (", left, ")", collapse = ", "), "\n", sep = "")
cat(sprintf("\n%d numbers agree, %d differ\n", sum(checked$agrees), sum(!checked$agrees)))
if (!interactive()) quit(status = as.integer(any(!checked$agrees)))
