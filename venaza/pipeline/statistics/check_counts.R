# Rates and their comparison -----------------------------------------------------------------

# Patients and those of them with the response, in the denominator of the row.
counted <- function(row, group = row$group) {
  d <- in_group(adsl, group)
  if (row$kind == "early") {
    d$reached <- d$DTHFL %in% "Y" & !is.na(d$ENDDY) & d$ENDDY <= row$time
    return(d)
  }
  if (row$kind == "event_rate") {
    d <- in_group(patients_of(row$endpoint), group)
    d$reached <- d$cause == 1
    return(d)
  }
  answers <- read_table("..", "endpoints", "adrs.csv")
  answers <- answers[answers$PARAMCD %in% row$endpoint, ]
  # who was tested differs with the method and the day that an alternative asks for
  if (row$population == "MRDFL") d <- d[d$USUBJID %in% answers$USUBJID, ]
  else d <- d[d[[row$population]] %in% "Y", ]
  d$reached <- d$USUBJID %in% answers$USUBJID[as.numeric(answers$AVAL) %in% 1]
  d
}
wilson <- function(k, n) {
  suppressWarnings(prop.test(k, n, correct = FALSE, conf.level = confidence))$conf.int
}
rate_number <- function(row) {
  d <- counted(row)
  if (row$statistic == "n") return(ask(d, quote(sum(d$reached))))
  if (row$statistic == "denominator") return(ask(d, quote(nrow(d))))
  if (!nrow(d)) return(NA)
  if (row$statistic == "percent") return(ask(d, quote(100 * mean(d$reached))))
  limits <- if (grepl("Clopper", row$method)) {
    ask(d, bquote(binom.test(sum(d$reached), nrow(d), conf.level = .(confidence))))$conf.int
  } else ask(d, quote(wilson(sum(d$reached), nrow(d))))
  100 * limits[if (row$statistic == "lower") 1 else 2]
}

both_groups <- function(row) {
  groups <- strsplit(row$term, " vs ", fixed = TRUE)[[1]]
  d <- do.call(rbind, lapply(groups, function(g) counted(row, g)))
  d$GROUP <- factor(d$GROUP, groups)
  d
}
# fisher.test looks for the odds ratio and its limits to some digits only; this is its distribution,
# the non-central hypergeometric, searched to the last.
odds_ratio <- function(statistic, k, n) {
  lowest <- max(0, sum(k) - n[2])
  highest <- min(n[1], sum(k))
  values <- lowest:highest
  central <- dhyper(values, n[1], n[2], sum(k), log = TRUE)
  weights <- function(theta) {
    w <- central + theta * values
    w <- exp(w - max(w))
    w / sum(w)
  }
  root <- function(f) exp(uniroot(f, c(-50, 50), tol = 1e-14)$root)
  tail <- (1 - confidence) / 2
  switch(statistic,
    odds_ratio = if (k[1] %in% c(lowest, highest)) NA else
      root(function(t) sum(weights(t) * values) - k[1]),
    lower = if (k[1] == lowest) 0 else root(function(t) sum(weights(t)[values >= k[1]]) - tail),
    upper = if (k[1] == highest) NA else root(function(t) sum(weights(t)[values <= k[1]]) - tail)
  )
}
fisher_number <- function(row) {
  d <- both_groups(row)
  k <- as.vector(tapply(d$reached, d$GROUP, sum, default = 0))
  n <- as.vector(table(d$GROUP))
  if (any(n == 0)) return(NA)
  if (row$statistic == "p_value") {
    return(ask(d, quote(fisher.test(table(d$GROUP, factor(!d$reached, c(FALSE, TRUE))))))$p.value)
  }
  found <- odds_ratio(row$statistic, k, n)
  if (row$statistic == "odds_ratio" && is.na(found) && k[1] == max(0, sum(k) - n[2]) &&
      k[1] != min(n[1], sum(k))) 0 else found
}
# Newcombe's interval of a difference, made of the two Wilson intervals.
difference_number <- function(row) {
  d <- both_groups(row)
  k <- as.vector(tapply(d$reached, d$GROUP, sum, default = 0))
  n <- as.vector(table(d$GROUP))
  if (any(n == 0)) return(NA)
  p <- k / n
  one <- wilson(k[1], n[1])
  two <- wilson(k[2], n[2])
  difference <- p[1] - p[2]
  100 * switch(row$statistic, estimate = difference,
    lower = difference - sqrt((p[1] - one[1])^2 + (two[2] - p[2])^2),
    upper = difference + sqrt((one[2] - p[1])^2 + (p[2] - two[1])^2)
  )
}

# Values and categories compared between groups ----------------------------------------------

values_of <- function(row) {
  groups <- strsplit(row$term, " vs ", fixed = TRUE)[[1]]
  d <- adsl
  if (!row$endpoint %in% names(d)) {
    answers <- read_table("..", "endpoints", "adrs.csv")
    answers <- answers[answers$PARAMCD %in% row$endpoint, ]
    d$value <- answers$AVAL[match(d$USUBJID, answers$USUBJID)]
  } else d$value <- d[[row$endpoint]]
  d <- d[d$GROUP %in% groups & !is.na(d$value), ]
  d$GROUP <- factor(d$GROUP, groups)
  d
}
wilcoxon_number <- function(row) {
  d <- values_of(row)
  d$value <- as.numeric(d$value)
  if (row$statistic == "n") return(ask(d, quote(nrow(d))))
  if (any(table(d$GROUP) == 0) || length(unique(d$value)) < 2) return(NA)
  scale <- if (row$unit %in% "months") days_per_month else 1
  own <- split(d$value, d$GROUP)
  if (row$statistic == "shift") return(median(outer(own[[1]], own[[2]], `-`)) / scale)
  reached <- TRUE
  fit <- withCallingHandlers(
    ask(d, bquote(wilcox.test(value ~ GROUP, data = d, conf.int = TRUE, conf.level = .(confidence),
                              tol.root = 1e-9))),
    warning = function(w) {
      if (grepl("conf.level", conditionMessage(w))) reached <<- FALSE
      invokeRestart("muffleWarning")
    }
  )
  switch(row$statistic, statistic = unname(fit$statistic), p_value = fit$p.value,
    if (!reached) NA else round(fit$conf.int[if (row$statistic == "lower") 1 else 2], 8) / scale)
}
kruskal_number <- function(row) {
  d <- values_of(row)
  d$value <- as.numeric(d$value)
  if (row$statistic == "n") return(ask(d, quote(nrow(d))))
  if (sum(table(d$GROUP) > 0) < 2 || length(unique(d$value)) < 2) return(NA)
  fit <- ask(d, quote(kruskal.test(value ~ GROUP, data = d)))
  switch(row$statistic, chi_square = fit$statistic, df = fit$parameter, p_value = fit$p.value)
}
contingency_number <- function(row) {
  d <- values_of(row)
  if (row$statistic == "n") return(ask(d, quote(nrow(d))))
  if (any(table(d$GROUP) == 0) || length(unique(d$value)) < 2) return(NA)
  if (grepl("^Fisher", row$method)) {
    return(ask(d, quote(fisher.test(table(d$value, d$GROUP), workspace = 2e7)))$p.value)
  }
  ask(d, quote(chisq.test(table(d$value, d$GROUP), correct = FALSE)))$p.value
}
