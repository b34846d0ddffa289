# R's own values of rank tests and tests of counts, written to r_ranks.json beside this script:
# wilcox.test, kruskal.test, fisher.test and chisq.test.
#
#   Rscript tests/reference/make_ranks.R
#
# Needs survival (for data) and jsonlite. The limits of a shift with ties or many values are found by
# a search, which stops within 1e-4 unless told to go on (tol.root, here 1e-9, rounded to 8 digits);
# its estimate then is not the median of all differences, which is given here instead. Where the level
# cannot be reached (3 against 3) R warns; here it gives null.

suppressPackageStartupMessages({
  library(survival)
  library(jsonlite)
})
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))

wilcoxon <- function(x, y) {
  achieved <- TRUE
  fit <- withCallingHandlers(
    wilcox.test(x, y, conf.int = TRUE, tol.root = 1e-9),
    warning = function(w) {
      if (grepl("conf.level", conditionMessage(w))) achieved <<- FALSE
      invokeRestart("muffleWarning")
    }
  )
  list(first = x, second = y, statistic = fit$statistic[[1]], p_value = fit$p.value,
       shift = median(outer(x, y, `-`)),
       lower = if (achieved) round(fit$conf.int[1], 8),
       upper = if (achieved) round(fit$conf.int[2], 8))
}
kruskal <- function(x, group) {
  fit <- kruskal.test(x, group)
  list(groups = unname(split(x, group)), chi_square = fit$statistic[[1]], df = fit$parameter[[1]],
       p_value = fit$p.value)
}
counts <- function(...) rbind(...)
fisher <- function(table) list(table = table, p_value = fisher.test(table, workspace = 2e7)$p.value)

# too many tables to go through one by one
large <- 8 * cbind(3 + 7 * (0:13), 40 + 11 * ((0:13 * 5) %% 7), 30 + (0:13))
lung <- cancer[!is.na(cancer$wt.loss), ]
result <- list(
  wilcoxon = list(
    exact = wilcoxon(c(1.5, 2.25, 4, 7.5, 8, 11.25, 3), c(2, 5, 6, 9.5, 12, 13.75, 14, 20.5)),
    exact_three = wilcoxon(c(1, 2, 3), c(4, 5, 6.5)),
    exact_one = wilcoxon(c(30), c(10, 12, 15, 17, 19.5, 25)),
    exact_forty_nine = wilcoxon(sqrt(1:49), (1:40)^0.45 + 0.013),
    ties = wilcoxon(c(1, 2, 2, 3, 5, 8, 9), c(2, 4, 4, 6, 9, 11)),
    cycles = wilcoxon(c(1, 1, 1, 2, 1, 2, 1, 3, 1, 2), c(1, 2, 2, 4, 3, 2, 2)),
    fifty = wilcoxon(log(1:50), log(seq(1.5, 30.5, 1))),
    lung_weight_loss = wilcoxon(lung$wt.loss[lung$sex == 1], lung$wt.loss[lung$sex == 2])
  ),
  kruskal = list(
    veteran_karnofsky = kruskal(veteran$karno, veteran$celltype),
    no_ties = kruskal(c(1.1, 2.2, 3.3, 4.4, 5.5, 6.6, 7.7), c("a", "b", "c", "a", "b", "c", "c"))
  ),
  fisher = list(
    two_by_two = fisher(counts(c(3, 9), c(8, 2))),
    veteran_cells = fisher(unclass(unname(table(veteran$celltype, veteran$trt)))),
    three_levels = fisher(counts(c(4, 1), c(3, 7), c(0, 5))),
    three_groups = fisher(counts(c(4, 1, 2), c(3, 7, 0), c(0, 5, 3))),
    two_levels_three_groups = fisher(counts(c(20, 14, 9), c(11, 16, 22))),
    four_by_four = fisher(counts(c(10, 2, 3, 1), c(4, 8, 2, 2), c(3, 5, 1, 0), c(6, 6, 2, 4))),
    veteran_kinds_by_age = fisher(unclass(unname(table(
      veteran$celltype, cut(veteran$age, c(0, 60, 70, 99)))))),
    five_levels = fisher(counts(c(10, 2), c(4, 8), c(3, 5), c(6, 6), c(1, 4)))
  ),
  chi_squared = list(
    too_large = list(table = large, p_value = chisq.test(large, correct = FALSE)$p.value)
  )
)
write_json(result, file.path(here, "r_ranks.json"), auto_unbox = TRUE, digits = NA, na = "null",
           null = "null", pretty = TRUE)
