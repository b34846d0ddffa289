# R's numbers for the regression models: multivariable Cox, cox.zph, interaction, leave one out, Cox
# within strata, and Fine and Gray's regression (cmprsk::crr).
#
#   Rscript tests/reference/make_models.R   # writes tests/reference/r_models.json
#
# Needs R with survival, cmprsk and jsonlite. Data: the public exports, and small cases below.
suppressPackageStartupMessages({library(survival); library(cmprsk); library(jsonlite)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
root <- file.path(here, "..", "..")
newest <- function(study, name) {
  read.csv(file.path(rev(sort(list.dirs(file.path(root, "data/raw", study), recursive = FALSE)))[1],
                     name))
}

exact <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 100)

model <- function(formula, data) {
  fit <- do.call(coxph, list(formula, data, ties = "efron", control = exact))
  table <- summary(fit)
  zph <- cox.zph(fit, transform = "km")$table
  columns <- lapply(seq_along(coef(fit)), function(i) {
    list(hazard_ratio = table$conf.int[i, 1], lower = table$conf.int[i, 3],
         upper = table$conf.int[i, 4], p_value = table$coefficients[i, 5])
  })
  tests <- lapply(seq_len(nrow(zph)), function(i) {
    list(chi_square = zph[i, "chisq"], df = zph[i, "df"], p_value = zph[i, "p"])
  })
  list(n = fit$n, events = fit$nevent, columns = setNames(columns, names(coef(fit))),
       zph = setNames(tests, rownames(zph)))
}

interaction <- function(with, without, data) {
  anova(coxph(without, data), coxph(with, data))[2, 4]
}

left_out <- function(formula, data, index) {
  range(sapply(seq_len(nrow(data)), function(i) {
    fit <- coxph(formula, data[-i, ], control = exact)
    exp(coef(fit))[index]
  }))
}

medians <- function(formula, data) {
  values <- sapply(seq_len(nrow(data)), function(i) {
    summary(survfit(formula, data[-i, ]))$table["median"]
  })
  range(ifelse(is.na(values), Inf, values))
}
finite <- function(x) lapply(x, function(v) if (is.finite(v)) v else NA)

within <- function(formula, data) {
  fit <- coxph(formula, data, ties = "efron", control = exact)
  table <- summary(fit)
  columns <- lapply(seq_along(coef(fit)), function(i) {
    list(hazard_ratio = table$conf.int[i, 1], lower = table$conf.int[i, 3],
         upper = table$conf.int[i, 4], p_value = table$coefficients[i, 5])
  })
  list(n = fit$n, events = fit$nevent, columns = setNames(columns, names(coef(fit))))
}

fine_gray <- function(time, cause, x) {
  # crr takes who is censored at time 0 for censored before an event at 0; a shift leaves the order
  fit <- crr(time + 1, cause, x, gtol = 1e-12, maxiter = 100)
  beta <- fit$coef
  error <- sqrt(diag(fit$var))
  columns <- lapply(seq_along(beta), function(i) {
    list(hazard_ratio = exp(beta[[i]]), lower = exp(beta[[i]] - qnorm(0.975) * error[i]),
         upper = exp(beta[[i]] + qnorm(0.975) * error[i]),
         p_value = 2 * pnorm(-abs(beta[[i]] / error[i])))
  })
  list(n = length(time), events = sum(cause == 1), columns = setNames(columns, colnames(x)))
}

bmt <- newest("bmt", "bmt.csv")
bmt$GROUP <- factor(bmt$group, 1:3, c("ALL", "AML low risk", "AML high risk"))
bmt$AGE <- bmt$z1
bmt$FAB45 <- bmt$z8
bmt$SEX <- factor(bmt$z3, c(1, 0), c("M", "F"))
two <- droplevels(bmt[bmt$GROUP != "ALL", ])
result <- list(R = as.character(getRversion()), survival = as.character(packageVersion("survival")))
result$bmt <- list(
  multivariable = model(Surv(t2, d3) ~ GROUP + AGE + FAB45, bmt),
  os = model(Surv(t1, d1) ~ GROUP + AGE + FAB45, bmt),
  group = model(Surv(t2, d3) ~ GROUP, bmt),
  age = model(Surv(t2, d3) ~ AGE, bmt),
  influence = left_out(Surv(t2, d3) ~ GROUP, bmt, 2),
  median = finite(medians(Surv(t1, d1) ~ 1, bmt[bmt$GROUP == "ALL", ])),
  interaction = interaction(Surv(t2, d3) ~ GROUP * SEX, Surv(t2, d3) ~ GROUP + SEX, two),
  subgroup = model(Surv(t2, d3) ~ GROUP, two[two$SEX == "M", ]),
  old = model(Surv(t2, d3) ~ GROUP, two[two$AGE >= 30, ]),
  stratified = within(Surv(t1, d1) ~ GROUP + strata(SEX), bmt),
  fine_gray = list(
    GROUP = fine_gray(bmt$t2, ifelse(bmt$d2 == 1, 1, ifelse(bmt$d3 == 1, 2, 0)),
                      model.matrix(~ GROUP, bmt)[, -1]),
    AGE = fine_gray(bmt$t2, ifelse(bmt$d2 == 1, 1, ifelse(bmt$d3 == 1, 2, 0)),
                    cbind(AGE = bmt$AGE))
  )
)

myeloid <- newest("myeloid", "myeloid.csv")
myeloid$SEX <- factor(myeloid$sex, c("m", "f"))
result$myeloid <- list(
  multivariable = model(Surv(futime, death) ~ trt + SEX + flt3, myeloid),
  interaction = interaction(Surv(futime, death) ~ trt * flt3, Surv(futime, death) ~ trt + flt3,
                            myeloid),
  subgroup = model(Surv(futime, death) ~ trt, myeloid[myeloid$flt3 == "A", ]),
  stratified = within(Surv(futime, death) ~ trt + strata(flt3), myeloid),
  influence = left_out(Surv(futime, death) ~ trt, myeloid, 1),
  median = finite(medians(Surv(futime, death) ~ 1, myeloid[myeloid$trt == "A", ]))
)

# Heavy ties and times of 0
lung <- survival::lung
lung <- lung[complete.cases(lung[, c("time", "status", "age", "sex", "ph.ecog")]), ]
lung$months <- floor(lung$time / 61)
result$lung <- list(
  data = list(time = lung$months, event = lung$status - 1, age = lung$age, sex = lung$sex,
              ecog = lung$ph.ecog),
  model = model(Surv(months, status) ~ age + sex + ph.ecog, lung)
)
veteran <- survival::veteran
kinds <- levels(veteran$celltype)
result$veteran <- list(
  data = list(time = veteran$time, event = veteran$status, karno = veteran$karno,
              trt = veteran$trt, celltype = as.character(veteran$celltype)),
  levels = kinds,
  model = model(Surv(time, status) ~ trt + celltype + karno, veteran)
)
# The gammopathy with heavy ties (times cut to years): two covariates at once
gammopathy <- mgus2[!is.na(mgus2$hgb), ]
gammopathy$years <- with(gammopathy, floor(ifelse(pstat == 1, ptime, futime) / 12))
gammopathy$cause <- with(gammopathy, ifelse(pstat == 1, 1, 2 * death))
result$gammopathy <- list(
  data = list(time = gammopathy$years, cause = gammopathy$cause, age = gammopathy$age,
              hgb = gammopathy$hgb),
  fine_gray = fine_gray(gammopathy$years, gammopathy$cause,
                        cbind(age = gammopathy$age, hgb = gammopathy$hgb))
)
# Ties within strata, and a stratum with one group only
strata <- data.frame(
  time = c(3, 3, 5, 5, 5, 8, 9, 12, 4, 4, 6, 7, 7, 10, 11, 2, 6, 8),
  event = c(1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1),
  group = rep(c("a", "b"), length.out = 18), stratum = rep(c("x", "y", "z"), c(8, 7, 3))
)
strata$group[strata$stratum == "z"] <- "a"
result$strata <- list(data = as.list(strata),
                      model = within(Surv(time, event) ~ group + strata(stratum), strata))
write_json(result, file.path(here, "r_models.json"), auto_unbox = TRUE, digits = NA, na = "null",
           pretty = FALSE)
