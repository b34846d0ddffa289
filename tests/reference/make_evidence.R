# R's numbers for the random-effects pooling of proportions.
#
#   Rscript tests/reference/make_evidence.R   # writes tests/reference/r_evidence.json
#
# Needs R with metafor (Debian: r-cran-metafor) and jsonlite. Each case is also solved without
# metafor, by maximising the restricted likelihood with optimize(); the script stops where the two
# disagree. pritz1997 is the worked example of Zhou et al. (1999), shipped with metadat.
suppressPackageStartupMessages({library(metafor); library(jsonlite)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))

cases <- list(
  pritz1997 = list(k = dat.pritz1997$xi, n = dat.pritz1997$ni),
  newly_diagnosed = list(k = c(190, 69, 247), n = c(286, 143, 400)),
  relapsed_all = list(k = c(11, 4, 28, 3), n = c(18, 18, 47, 5)),
  no_heterogeneity = list(k = c(10, 21, 29, 41), n = c(20, 40, 60, 80)),
  extremes = list(k = c(0, 12, 7, 9), n = c(8, 12, 15, 11))
)

by_hand <- function(y, v) {
  restricted <- function(t2) {
    w <- 1 / (v + t2)
    mu <- sum(w * y) / sum(w)
    -0.5 * (sum(log(v + t2)) + log(sum(w)) + sum(w * (y - mu)^2))
  }
  t2 <- optimize(restricted, c(0, 20), maximum = TRUE, tol = 1e-12)$maximum
  if (restricted(0) >= restricted(t2)) t2 <- 0
  w <- 1 / (v + t2)
  mu <- sum(w * y) / sum(w)
  se <- sqrt(max(1, sum(w * (y - mu)^2) / (length(y) - 1)) / sum(w))
  c(tau2 = t2, mean = mu, lower = mu - qt(0.975, length(y) - 1) * se)
}

pooled <- function(case) {
  es <- escalc(measure = "PLO", xi = case$k, ni = case$n)
  fit <- rma(yi, vi, data = es, method = "REML", test = "adhoc",
             control = list(threshold = 1e-12, maxiter = 1000))
  p <- predict(fit)
  hand <- by_hand(as.numeric(es$yi), as.numeric(es$vi))
  stopifnot(abs(hand["tau2"] - fit$tau2) < 1e-5, abs(hand["mean"] - fit$b) < 1e-5,
            abs(hand["lower"] - p$ci.lb) < 1e-5)
  list(k = case$k, n = case$n, percent = 100 * plogis(p$pred), lower = 100 * plogis(p$ci.lb),
       upper = 100 * plogis(p$ci.ub), prediction_lower = 100 * plogis(p$pi.lb),
       prediction_upper = 100 * plogis(p$pi.ub), tau2 = fit$tau2, i2 = fit$I2, q = fit$QE,
       df = fit$k - 1)
}

out <- lapply(cases, pooled)
out$versions <- list(R = paste(R.version$major, R.version$minor, sep = "."),
                     metafor = as.character(packageVersion("metafor")))
write(toJSON(out, digits = 15, auto_unbox = TRUE, pretty = 1), file.path(here, "r_evidence.json"))
