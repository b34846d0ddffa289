# R's numbers for the regression models: multivariable Cox, cox.zph, interaction, leave one out.
#
#   Rscript tests/reference/make_models.R   # writes tests/reference/r_models.json
#
# Needs R with survival and jsonlite. Data: the public exports, and small cases below.
suppressPackageStartupMessages({library(survival); library(jsonlite)})
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
  old = model(Surv(t2, d3) ~ GROUP, two[two$AGE >= 30, ])
)

myeloid <- newest("myeloid", "myeloid.csv")
myeloid$SEX <- factor(myeloid$sex, c("m", "f"))
result$myeloid <- list(
  multivariable = model(Surv(futime, death) ~ trt + SEX + flt3, myeloid),
  interaction = interaction(Surv(futime, death) ~ trt * flt3, Surv(futime, death) ~ trt + flt3,
                            myeloid),
  subgroup = model(Surv(futime, death) ~ trt, myeloid[myeloid$flt3 == "A", ]),
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
write_json(result, file.path(here, "r_models.json"), auto_unbox = TRUE, digits = NA, na = "null",
           pretty = FALSE)
