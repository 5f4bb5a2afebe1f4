#include "ui/pages/incontext/training_view.h"

#include <algorithm>
#include <cmath>

#include "ui/runs/similarity_history.h"
#include "ui/text/terms.h"
#include "ui/widgets/column.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {

TrainingView::TrainingView(SimilarityHistory& history, QWidget* parent) : QWidget(parent), m_history(history) {
    m_plot = named("incontext.regression.training", new Plot(tr("Model against gradient steps")));
    m_plot->setXTitle(tr("training step"));
    m_plot->setReading([](double value) { return fixed(value, 3); });
    m_plot->setFlag([](double step) { return tr("step %1").arg(grouped(std::lround(step))); });
    m_plot->setEmptyText(tr("Nothing measured yet"));
    m_plot->setToolTip(withTerm(tr("On the same prompts at every kept step (von Oswald 2023): the root of the mean squared difference of "
                                   "the answers; the mean cosine "
                                   "and the mean distance of the sensitivities dy/dx of the query. A click shows the step."),
                                QStringLiteral("sensitivity")));
    connect(m_plot, &Plot::handMoved, this, [this](double step) { emit stepWanted(std::llround(step)); });
    m_plot->legend()->setRows(3);
    m_plot->legend()->show();
    m_sentence = new WrappedText(1, TextSize::caption, Role::muted);
    auto* lines = column(this);
    lines->addWidget(m_plot->legend());
    lines->addWidget(m_plot, 1);
    lines->addWidget(m_sentence);
    keepSpacing(lines, {6, 2, 4, 2}, 0);
}

void TrainingView::setScene(const RegressionScene& scene) {
    PlotSeries cosine{.name = tr("cosine of sensitivities"), .role = Role::series1};
    PlotSeries distance{.name = tr("their distance"), .role = Role::series2};
    PlotSeries answers{.name = tr("distance of answers"), .role = Role::series3};
    for (const auto& [step, similarity] : m_history.measured()) {
        const std::pair<PlotSeries*, double> values[] = {
            {&cosine, similarity.cosine}, {&distance, similarity.sensitivities}, {&answers, similarity.answers}};
        for (const auto& [series, value] : values) {
            series->x.push_back(static_cast<double>(step));
            series->y.push_back(value);
        }
    }
    const double last = cosine.x.empty() ? 1 : std::max(cosine.x.back(), 1.0);
    m_plot->setXRange(0, last);
    m_plot->setHand(cosine.x.empty() ? std::nullopt : std::optional(static_cast<double>(scene.step)),
                    tr("step %1").arg(grouped(scene.step)));
    std::vector<PlotSeries> series;
    if (!cosine.x.empty()) series = {std::move(cosine), std::move(distance), std::move(answers)};
    m_plot->setEmptyText(!m_history.error().isEmpty() ? m_history.error() : tr("Nothing measured yet"));
    m_plot->setSeries(std::move(series));
    const auto method = stepsLikeLayers(scene);
    m_sentence->setText(method ? tr("Against %1 with η = %2. Sensitivity: how the answer moves with x of the query.")
                                     .arg(stepsName(method->steps), significant(method->eta, 3))
                               : QString());
}

}  // namespace lab
