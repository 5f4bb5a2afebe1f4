#include "ui/pages/incontext/answers_panel.h"

#include <QCoreApplication>
#include <QVBoxLayout>
#include <cmath>

#include "ui/text/message_text.h"
#include "ui/text/terms.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/verdict.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

constexpr int tableHeight = 22 + 6 * 18;  // logical px at 100 %: the rows there usually are
constexpr double lieOnEachOther = 0.05;   ///< of the line's largest value
constexpr double rounding = 1e-9;         ///< what double precision leaves, of the largest answer

struct AnswersWords {
    Q_DECLARE_TR_FUNCTIONS(AnswersPanel)
};

QString nameOf(const MethodLine& line) {
    switch (line.method.solver) {
        case Solver::gradient:
            return line.method.steps == 1
                       ? AnswersWords::tr("one gradient step from 0, η = %1").arg(significant(line.method.eta, 3))
                       : AnswersWords::tr("%1, η = %2").arg(stepsName(line.method.steps), significant(line.method.eta, 3));
        case Solver::gradient_plus:
            return AnswersWords::tr("GD++, %1, η = %2, γ = %3")
                .arg(stepsName(line.method.steps), significant(line.method.eta, 3), significant(line.method.gamma, 2));
        case Solver::ridge:
            return AnswersWords::tr("ridge, λ = %1").arg(significant(line.method.lambda, 2));
        case Solver::least_squares:
            return line.defined ? AnswersWords::tr("least squares") : AnswersWords::tr("least squares: undefined, too few pairs");
    }
    return {};
}

std::optional<Role> sampleOf(const Method& method) {
    switch (method.solver) {
        case Solver::gradient:
            return method.steps == 1 ? oneStepRole : stepsRole;
        case Solver::gradient_plus:
            return plusRole;
        case Solver::ridge:
            return std::nullopt;
        case Solver::least_squares:
            return squaresRole;
    }
    return std::nullopt;
}

/// Of as many gradient steps as the model has layers; null before it is known.
const MethodLine* lineLikeLayers(const RegressionScene& scene) {
    const auto method = stepsLikeLayers(scene);
    if (!method) return nullptr;
    const Method wanted = onPairs(*method, scene.task, scene.look->prompt.points());
    for (const MethodLine& line : scene.look->lines)
        if (line.method == wanted && line.defined) return &line;
    return nullptr;
}

}  // namespace

AnswersPanel::AnswersPanel(QWidget* parent) : PanelFrame(tr("Answers"), parent) {
    setNote(tr("y · slope"));
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    m_table = named("incontext.regression.answers", new TextTable(tr("Answers at the query")));
    m_table->setColumns({tr("whose"), tr("y"), tr("slope")}, {0.66, 0.17, 0.17});
    m_table->setToolTip(withTerm(tr("Every η, γ and λ is the best constant on many tasks of this kind, found by search; on a prompt of "
                                    "another number of pairs, η/N stays. The slope is that of "
                                    "the answer along the axis of the picture."),
                                 QStringLiteral("gradient_step")));
    m_sentence = new WrappedText(2);
    m_verdict = named("incontext.regression.check", new ThemedLabel({}, TextSize::text, Role::right, true));
    m_verdict->setToolTip(
        tr("The model with the weights of the construction answers this prompt in double precision, and so do the gradient steps "
           "themselves: what is left between them is rounding."));
    lines->addWidget(m_table, 1);
    lines->addWidget(m_sentence);
    lines->addWidget(m_verdict);
    keepSpacing(lines, {8, 2, 8, 4}, 2);
    setContent(body);
    followTheme(this, [this] { m_table->setMinimumHeight(Theme::instance().px(tableHeight)); });
}

QString AnswersPanel::sentence() const {
    return m_sentence->text();
}

QString AnswersPanel::verdict() const {
    return m_verdict->text();
}

void AnswersPanel::setScene(const RegressionScene& scene) {
    if (!scene.look) {
        m_table->setRows({});
        m_sentence->setText({});
        m_verdict->setText({});
        return;
    }
    const QString at = fixed(scene.look->query, 2);
    setTitle(tr("Answers at x = %1").arg(at));
    showRows(scene);
    showSentence(scene);
    showVerdict(scene);
}

void AnswersPanel::showRows(const RegressionScene& scene) {
    const PromptLook& look = *scene.look;
    const QString model = scene.constructed ? tr("the model, weights by construction") : tr("the model, weights never changed");
    std::vector<TextTable::Row> rows{{{model, fixed(look.answer, 3), fixed(look.slope, 2)}, modelRole, false, true}};
    for (const MethodLine& line : look.lines) {
        const QString none = QStringLiteral("–");
        rows.push_back({{nameOf(line), line.defined ? fixed(line.answer, 3) : none, line.defined ? fixed(line.slope, 2) : none},
                        sampleOf(line.method)});
    }
    setSubtitle(look.truth ? tr("the function itself: %1").arg(fixed(*look.truth, 3)) : QString());
    m_table->setRows(std::move(rows));
}

/// Of this prompt and these weights alone.
void AnswersPanel::showSentence(const RegressionScene& scene) {
    const MethodLine* like = lineLikeLayers(scene);
    if (!like) return m_sentence->setText({});
    const double apart = distanceFromLine(*scene.look, like->slope);
    const QString steps = stepsName(like->method.steps);
    m_sentence->setText(
        apart < lieOnEachOther
            ? tr("The two lines lie on each other: on this prompt the model answers like %1 on its pairs (largest distance %2 "
                 "of the line’s height).")
                  .arg(steps, percent(apart))
            : tr("On this prompt the model’s line is up to %1 of the line’s height away from that of %2 on its pairs.")
                  .arg(percent(apart), steps));
}

void AnswersPanel::showVerdict(const RegressionScene& scene) {
    if (!scene.check) {
        m_verdict->setRole(Role::muted);
        m_verdict->setText(scene.whyNotConstructed.isEmpty() ? QString() : tr("No construction: %1").arg(scene.whyNotConstructed));
        return;
    }
    const MethodLine* like = lineLikeLayers(scene);
    const double trained = like ? std::abs(scene.look->answer - like->answer) : NAN;
    const bool equal = scene.check->largestDifference <= rounding * std::max(scene.check->largestAnswer, 1.0);
    const QString built = tr("by construction equal to %1: difference %2")
                              .arg(stepsName(scene.check->layers), differenceText(scene.check->largestDifference));
    const QString whole = scene.constructed || !std::isfinite(trained) ? built : tr("%1; trained: %2").arg(built, significant(trained, 2));
    m_verdict->setRole(verdictRole(equal));
    m_verdict->setText(verdictText(equal, equal
                                              ? whole
                                              : tr("the construction differs from %1 by %2")
                                                    .arg(stepsName(scene.check->layers), differenceText(scene.check->largestDifference))));
}

}  // namespace lab
