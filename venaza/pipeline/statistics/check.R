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

# The last question to R, and the rows of patients that it was asked of.
asked <- NULL
ask <- function(d, call) {
  asked <<- list(call = call, data = d)
  eval(call, list(d = d), globalenv())
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
response <- function(d, event = quote(cause == 1)) {
  if (!late(d)) return(bquote(Surv(days, .(event))))
  bquote(Surv(ifelse(entered == 0, -1, entered), days, .(event)))
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

curve <- function(d, event = quote(cause == 1)) {
  ask(d, bquote(survfit(.(response(d, event)) ~ 1, data = d, conf.type = "log-log",
                        conf.int = .(confidence))))
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
  if (row$statistic == "n") return(ask(d, quote(nrow(d))))
  if (row$statistic == "events") return(ask(d, quote(sum(d$cause == 1))))
  if (row$statistic == "censored") return(ask(d, quote(sum(d$cause != 1))))
  if (row$statistic == "n_risk") return(ask(d, bquote(at_risk(d, .(row$time)))))
  if (!nrow(d)) return(NA)
  fit <- curve(d)
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
  kind <- ifelse(d$PFTRTFL %in% "Y", kind, "none")
  kind[d$PFSUPFL %in% "Y"] <- "supportive care only"
  survival_number(row, d[kind == row$term, ])
}

# Follow-up by reverse Kaplan-Meier: being censored is the event.
reverse_number <- function(row) {
  d <- in_group(patients_of(row$endpoint), row$group)
  if (!nrow(d)) return(NA)
  fit <- curve(d, quote(cause == 0))
  found <- before(medians(fit), emptied(d, d$cause == 0)) / days_per_month
  found[match(row$statistic, c("median", "median_lower", "median_upper"))]
}

follow_up_number <- function(row) {
  d <- in_group(adsl, row$group)
  share <- c(min = 0, q1 = 0.25, median = 0.5, q3 = 0.75, max = 1)[[row$statistic]]
  unname(ask(d, bquote(quantile(d$ENDDY, .(share), na.rm = TRUE)))) / days_per_month
}

event_number <- function(row) {
  d <- in_group(patients_of(row$endpoint), row$group)
  what <- ifelse(is.na(d$EVNTDESC), "unspecified", d$EVNTDESC)
  d <- d[d$cause > 0 & what == row$term, ]
  ask(d, quote(nrow(d)))
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

# Where the scores cannot vary (all dead on one day) there is no test.
without_variance <- function(fit) all(abs(diag(as.matrix(fit$var))) < 1e-10)

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
  if (late(d)) return(ask(d, bquote(late_log_rank(.(row$statistic), d, rep(1, nrow(d))))))
  fit <- ask(d, quote(survdiff(Surv(days, cause == 1) ~ GROUP, data = d)))
  if (without_variance(fit)) return(NA)
  tested(row$statistic, fit$chisq, sum(fit$exp > 0) - 1)    # a group never at risk drops out
}

# The patients with all strata that a method names, and the stratum of each.
in_strata <- function(d, method) {
  named <- sub(", (Efron|Firth|left-truncated).*", "", sub(".* stratified by ", "", method))
  strata <- strsplit(sub("; reference .*", "", named), ", ", fixed = TRUE)[[1]]
  d <- d[stats::complete.cases(d[strata]), ]
  d$stratum <- as.character(interaction(d[strata], drop = TRUE))
  d
}
stratified_number <- function(row) {
  d <- compared(row)
  d <- in_strata(d, row$method)
  if (row$statistic == "n") return(ask(d, quote(nrow(d))))
  if (!any(d$cause == 1) || length(unique(d$GROUP)) < 2) return(NA)
  if (all(tapply(d$GROUP, d$stratum, function(g) length(unique(g))) < 2)) return(NA)
  if (late(d)) return(ask(d, bquote(late_log_rank(.(row$statistic), d, d$stratum))))
  fit <- ask(d, quote(survdiff(Surv(days, cause == 1) ~ GROUP + strata(stratum), data = d)))
  if (without_variance(fit)) return(NA)
  tested(row$statistic, fit$chisq, sum(rowSums(as.matrix(fit$exp)) > 0) - 1)
}

gray_number <- function(row) {
  d <- compared(row)
  if (late(d)) return(NA)                     # cuminc knows no late entries
  cause <- if (grepl(".competing.", row$ard_id, fixed = TRUE)) "2" else "1"
  if (!any(d$cause == cause) || length(unique(d$GROUP)) < 2) return(NA)
  found <- ask(d, quote(cmprsk::cuminc(d$days, d$cause, d$GROUP)))$Tests[cause, ]
  if (!all(is.finite(found))) return(NA)
  tested(row$statistic, found[["stat"]], found[["df"]])
}

# Restricted mean survival to the horizon, with R's own standard error; groups compared by a z-test.
restricted_mean <- function(d, horizon) {
  if (!nrow(d)) return(c(NA, NA))
  fit <- ask(d, bquote(survfit(.(response(d)) ~ 1, data = d)))
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
exactly <- quote(coxph.control(eps = 1e-12, toler.chol = 1e-14, iter.max = 100))
# Who was at risk when an event happened: nobody else tells anything of a ratio.
at_an_event <- function(d) {
  events <- sort(unique(d$days[d$cause == 1]))
  if (!length(events)) return(rep(TRUE, nrow(d)))
  vapply(seq_len(nrow(d)), function(i) {
    any(events <= d$days[i] & (d$entered[i] == 0 | events > d$entered[i]))
  }, logical(1))
}
# A level of which nobody was is no level of the model, as in the run; nor is a number that is the
# same in all.
told <- function(d, variable) {
  met <- d[[variable]][at_an_event(d)]
  if (!is.factor(met)) return(as.integer(length(unique(met)) > 1))
  if (!levels(met)[1] %in% met) return(0L)
  sum(levels(met)[-1] %in% met)
}
with_told <- function(d, variables) {
  for (variable in variables[vapply(d[variables], is.factor, logical(1))]) {
    d <- d[d[[variable]] %in% d[[variable]][at_an_event(d)], ]
    d[[variable]] <- droplevels(d[[variable]])
  }
  d
}
fitted_cox <- function(rows, endpoint) {
  variables <- unique(rows$variable)
  d <- with_told(model_data(rows, endpoint), variables)
  formula <- reformulate(sprintf("`%s`", variables))
  formula <- bquote(.(response(d)) ~ .(formula[[2]]))
  ask(d, bquote(coxph(.(formula), data = d, ties = "efron", control = .(exactly))))
}
ratio_of <- function(statistic, fit, name) {
  found <- summary(fit, conf.int = confidence)
  at <- match(name, gsub("`", "", names(coef(fit))))
  switch(statistic,
    hazard_ratio = found$conf.int[at, 1], lower = found$conf.int[at, 3],
    upper = found$conf.int[at, 4], p_value = found$coefficients[at, 5]
  )
}

cox_number <- function(row) {
  rows <- model_rows(row)
  variable <- variable_in(row$ard_id, row$endpoint)
  if (row$statistic %in% c("n", "events", "parameters")) {
    d <- model_data(rows, row$endpoint)
    if (row$statistic == "n") return(ask(d, quote(nrow(d))))
    if (row$statistic == "events") return(ask(d, quote(sum(d$cause == 1))))
    return(sum(vapply(unique(rows$variable), function(v) told(d, v), numeric(1))))
  }
  fit <- fitted_cox(rows, row$endpoint)
  ratio_of(row$statistic, fit, if (is_category(row$method)) paste0(variable, row$term) else variable)
}
# Patients and events of one level.
level_number <- function(row) {
  d <- patients_of(row$endpoint)
  d <- d[d[[variable_in(row$ard_id, row$endpoint)]] %in% row$term, ]
  ask(d, if (row$statistic == "n") quote(nrow(d)) else quote(sum(d$cause == 1)))
}

# The groups' ratio within strata.
within_number <- function(row) {
  groups <- unique(ard$term[ard$kind == "coxs" & ard$endpoint == row$endpoint & !is.na(ard$term)])
  method <- ard$method[ard$kind == "coxs" & ard$endpoint == row$endpoint & !is.na(ard$term)][1]
  d <- in_strata(patients_of(row$endpoint), row$method)
  d <- d[d$GROUP %in% c(groups, sub(".*; reference ", "", method)), ]
  if (row$statistic == "n") return(ask(d, quote(nrow(d))))
  if (row$statistic == "events") return(ask(d, quote(sum(d$cause == 1))))
  d$GROUP <- factor(d$GROUP, c(sub(".*; reference ", "", method), groups))
  d <- with_told(d, "GROUP")
  fit <- ask(d, bquote(coxph(.(response(d)) ~ GROUP + strata(stratum), data = d, ties = "efron",
                             control = .(exactly))))
  ratio_of(row$statistic, fit, paste0("GROUP", row$term))
}

# Fine and Gray: crr takes who is censored at time 0 for censored before an event at 0, so times are
# given a day later, which leaves their order.
subdistribution_number <- function(row) {
  variable <- variable_in(row$ard_id, row$endpoint)
  own <- ard$kind == "finegray" & ard$endpoint == row$endpoint & ard$statistic == "hazard_ratio"
  rows <- ard[own, ]
  rows$variable <- variable_in(rows$ard_id, row$endpoint)
  rows <- rows[rows$variable == variable, ]
  d <- model_data(rows, row$endpoint)
  if (row$statistic == "n") return(ask(d, quote(nrow(d))))
  if (row$statistic == "events") return(ask(d, quote(sum(d$cause == 1))))
  if (is.factor(d[[variable]])) d[[variable]] <- droplevels(d[[variable]])
  x <- bquote(model.matrix(~ .(as.name(variable)), d)[, -1, drop = FALSE])
  fit <- ask(d, bquote(cmprsk::crr(d$days + 1, d$cause, .(x), gtol = 1e-12, maxiter = 100)))
  at <- match(if (is_category(row$method)) paste0(variable, row$term) else variable,
              gsub("`", "", names(fit$coef)))
  beta <- fit$coef[[at]]
  error <- sqrt(fit$var[at, at])
  spread <- qnorm(0.5 + confidence / 2) * error
  switch(row$statistic, hazard_ratio = exp(beta), lower = exp(beta - spread),
         upper = exp(beta + spread), p_value = 2 * pnorm(-abs(beta / error)))
}

# Subgroups: the two groups within each level of a variable.
subgroup_number <- function(row) {
  variable <- variable_in(row$ard_id, row$endpoint)
  stem <- paste0("subgroup.", row$endpoint, ".", variable, ".")
  rows <- ard[startsWith(ard$ard_id, stem), ]
  groups <- unique(rows$group[!is.na(rows$group)])
  d <- patients_of(row$endpoint)
  d <- d[d$GROUP %in% groups & !is.na(d[[variable]]), ]
  keys <- unique(data.frame(key = sub("[.].*", "", substring(rows$ard_id, nchar(stem) + 1)),
                            term = rows$term)[rows$statistic == "n", ])
  d$level <- NA
  for (i in seq_len(nrow(keys))) {
    cut <- grepl("^(below|from)_", keys$key[i]) && !keys$term[i] %in% d[[variable]]
    limit <- if (cut) as.numeric(gsub("[^0-9.eE+-]", "", keys$term[i], useBytes = TRUE))
    is_in <- if (!cut) d[[variable]] == keys$term[i] else
      if (startsWith(keys$key[i], "below")) as.numeric(d[[variable]]) < limit else
        as.numeric(d[[variable]]) >= limit
    d$level[is_in] <- keys$term[i]
  }
  exact_cox <- function(d, formula) {
    ask(d, bquote(coxph(.(formula), data = d, ties = "efron", control = .(exactly))))
  }
  key <- sub("[.].*", "", substring(row$ard_id, nchar(stem) + 1))
  if (key == "interaction") {
    d$GROUP <- factor(d$GROUP, groups)
    less <- exact_cox(d, bquote(.(response(d)) ~ GROUP + level))
    more <- suppressWarnings(exact_cox(d, bquote(.(response(d)) ~ GROUP * level)))
    df <- sum(!is.na(coef(more))) - sum(!is.na(coef(less)))
    return(pchisq(2 * (more$loglik[2] - less$loglik[2]), df, lower.tail = FALSE))
  }
  d <- in_group(d[d$level %in% row$term, ], row$group)
  if (row$statistic == "n") return(ask(d, quote(nrow(d))))
  if (row$statistic == "events") return(ask(d, quote(sum(d$cause == 1))))
  first <- sub(".*; reference ", "", row$method)
  d$GROUP <- factor(d$GROUP, c(first, setdiff(groups, first)))
  ratio_of(row$statistic, exact_cox(d, bquote(.(response(d)) ~ GROUP)),
           paste0("GROUP", setdiff(groups, first)))
}

# Score test of proportional hazards.
zph_number <- function(row) {
  fit <- fitted_cox(model_rows(row), row$endpoint)
  found <- cox.zph(fit, transform = "km")$table
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
  fit <- ask(d, quote(survdiff(Surv(days, cause == 1) ~ changed + strata(stratum), data = d)))
  if (without_variance(fit)) return(NA)
  tested(row$statistic, fit$chisq, 1)
}

# (start, stop] before and after the change. One on the last day counts half a day earlier, and a
# time of 0 days lasts half a day.
intervals <- function(d) {
  stop <- ifelse(d$days == 0, 0.5, d$days)
  change <- ifelse(is.na(d$change), Inf, d$change)
  change <- pmax(ifelse(change == d$days, stop - 0.5, change), d$entered)
  shared <- d[c("USUBJID", "GROUP", "stratum")]
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
  if (row$statistic == "n") return(ask(d, quote(nrow(d))))
  if (row$statistic == "events") return(ask(spans, quote(sum(d$event))))
  if (row$statistic == "exposed") return(ask(spans, quote(sum(d$exposed))))
  ties <- if (row$kind == "mantelbyar") "exact" else "efron"
  fit <- ask(spans, bquote(coxph(Surv(start, stop, event) ~ exposed + strata(stratum), data = d,
                                 ties = .(ties), control = .(exactly))))
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
  d$start <- start
  fit <- ask(d, quote(survfit(Surv(start, days, factor(cause, 0:2)) ~ 1, data = d,
                              id = seq_len(nrow(d)))))
  100 * summary(fit, times = row$time, extend = TRUE)$pstate[1, match(state, fit$states)]
}

# The estimate and variance of cmprsk, limits on the log-log scale.
incidence_number <- function(row) {
  d <- in_group(patients_of(row$endpoint), row$group)
  if (!nrow(d) || unknown_at(d, d$cause > 0, row$time)) return(NA)
  row$time <- min(row$time, max(d$days))
  if (late(d)) return(late_incidence(row, d))
  cause <- paste("1", c(event = 1, competing = 2)[[row$term]])
  fit <- if (any(d$cause > 0)) ask(d, quote(cmprsk::cuminc(d$days, d$cause))) else list()
  if (is.null(fit[[cause]])) return(if (row$statistic == "estimate") 0 else NA)
  at <- cmprsk::timepoints(fit[cause], row$time)
  f <- at$est[1, 1]
  if (row$statistic == "estimate") return(100 * f)
  if (f <= 0 || f >= 1 - 1e-12) return(NA)
  spread <- qnorm(0.5 + confidence / 2) * sqrt(at$var[1, 1]) / (f * log(f))
  100 * f^exp(if (row$statistic == "lower") -spread else spread)
}
