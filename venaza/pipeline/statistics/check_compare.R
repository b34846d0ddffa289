# The comparison -----------------------------------------------------------------------------

kinds <- list(
  km = survival_number, risk = survival_number, rkm = reverse_number,
  followup = follow_up_number, event = event_number, logrank = log_rank_number,
  logrank_stratified = stratified_number, salvage = salvage_number, rmst = restricted_number,
  cox = cox_number, coxm = cox_number, coxn = level_number, coxs = within_number,
  subgroup = subgroup_number, zph = zph_number, zphm = zph_number,
  landmark = landmark_number, tdcox = change_number, mantelbyar = change_number,
  simonmakuch = change_number, ci = incidence_number, gray = gray_number,
  finegray = subdistribution_number, rate = rate_number, rate_all = rate_number,
  rate_evaluable = rate_number, rate_remission = rate_number, rate_tested = rate_number,
  early = rate_number, event_rate = rate_number, fisher = fisher_number,
  difference = difference_number, wilcoxon = wilcoxon_number, kruskal = kruskal_number,
  contingency = contingency_number
)
models <- c("cox", "coxm", "coxs", "subgroup", "zph", "zphm", "tdcox", "mantelbyar", "finegray")
ard$kind <- sub("[.].*", "", ard$ard_id)
# No package that these lines use fits Firth's penalty.
penalised <- grepl("Firth", ard$method) & !ard$statistic %in% c("n", "events", "parameters")
known <- ard$kind %in% names(kinds) & !penalised
if (any(ard$kind[known] %in% c("ci", "gray", "finegray")) &&
    !requireNamespace("cmprsk", quietly = TRUE)) {
  stop("this study has competing risks: install.packages(\"cmprsk\")")
}

# R's value of a row; where R stops, none and what it says.
stopped <- character(0)
in_r <- function(row) {
  asked <<- NULL
  tryCatch(suppressWarnings(as.numeric(kinds[[row$kind]](row))[1]), error = function(e) {
    stopped[[row$ard_id]] <<- conditionMessage(e)
    NA
  })
}

# One number: what is asked of R, and of which patients.
show_one <- function(id) {
  row <- ard[ard$ard_id == id, ]
  if (!nrow(row)) {
    near <- head(ard$ard_id[startsWith(ard$ard_id, sub("[.][^.]*$", "", id))], 12)
    stop("ard.csv has no number ", id, if (length(near)) paste0("; it has ",
                                                               paste(near, collapse = ", ")))
  }
  cat(sprintf("%s\nrun:    %s (printed: %s)%s\nmethod: %s\n", id, format(row$value, digits = 10),
              row$display, if (is.na(row$reason)) "" else paste0("; ", row$reason), row$method))
  if (penalised[ard$ard_id == id] || !row$kind %in% names(kinds)) {
    cat("R:      not recomputed here\n")
    return(invisible())
  }
  found <- in_r(row)
  cat(sprintf("R:      %s\n", if (id %in% names(stopped)) paste("stops:", stopped[[id]]) else
    format(found, digits = 10)))
  if (is.null(asked)) return(invisible())
  cat("call:  ", paste(trimws(deparse(asked$call, width.cutoff = 90)), collapse = "\n        "))
  d <- asked$data
  first <- c("USUBJID", "GROUP", "stratum", "days", "entered", "cause", "start", "stop", "event",
             "exposed", "changed", "reached", "value", "level", "ENDDY")
  used <- intersect(c(first, all.vars(asked$call)), names(d))
  cat(sprintf("\n\nd (%d rows):\n", nrow(d)))
  print(d[used], row.names = FALSE, max = 1e7)
}
wanted <- commandArgs(trailingOnly = TRUE)
if (length(wanted)) {
  for (id in wanted) show_one(id)
  if (!interactive()) quit(status = 0)
}

# Where a model was refused (too few events, separation), or what it would rest on is too little to
# be given, there is nothing to compare.
refused <- known & is.na(ard$value) &
  (ard$kind %in% models | grepl("^too few to", ard$reason))
checked <- ard[known & !refused, ]
checked$R <- vapply(seq_len(nrow(checked)), function(i) in_r(checked[i, ]), numeric(1))

both <- !is.na(checked$value) & !is.na(checked$R)
checked$difference <- ifelse(is.na(checked$value) & is.na(checked$R), 0, Inf)
checked$difference[both] <- with(checked[both, ], {
  abs(value - R) / pmax(abs(R), 1e-12)
})
checked$agrees <- checked$difference <= 1e-6
# where R stops and the run has a number nothing is known of it
open <- checked$ard_id %in% names(stopped) & !is.na(checked$value)

cat(sprintf("R %s.%s, survival %s\n\n", R.version$major, R.version$minor,
            packageVersion("survival")))
cat(sprintf("%-18s %8s %8s %8s   %s\n", "numbers", "checked", "agree", "differ",
            "largest relative difference"))
for (kind in intersect(names(kinds), checked$kind)) {
  part <- checked[checked$kind == kind & !open, ]
  if (!nrow(part)) next
  cat(sprintf("%-18s %8d %8d %8d   %.1e\n", kind, nrow(part), sum(part$agrees),
              sum(!part$agrees), max(part$difference)))
}
wrong <- checked[!checked$agrees & !open, c("ard_id", "value", "R", "difference")]
if (nrow(wrong)) {
  cat("\nNumbers that differ:\n")
  print(format(wrong, digits = 8), row.names = FALSE)
}
if (length(stopped)) {
  cat(sprintf("\nR stopped at %d, of which the run gives %d:\n", length(stopped), sum(open)))
  cat(sprintf("  %s: %s\n", names(stopped), stopped), sep = "")
}
if (any(refused)) {
  cat("\nWhat the run refused, not compared:\n")
  empty <- unique(data.frame(model = sub("[.][^.]*$", "", ard$ard_id[refused]),
                              reason = ard$reason[refused]))
  cat(sprintf("  %s: %s\n", empty$model, empty$reason), sep = "")
}
left <- table(ard$kind[!known])
cat("\nNot recomputed here: ", paste0(names(left), " (", left, ")", collapse = ", "), "\n", sep = "")
cat(sprintf("\n%d numbers agree, %d differ\n", sum(checked$agrees), nrow(wrong)))
if (!interactive()) quit(status = as.integer(nrow(wrong) > 0))
