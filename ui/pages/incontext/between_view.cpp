#include "ui/pages/incontext/between_view.h"

#include <algorithm>

#include "ui/text/message_text.h"
#include "ui/widgets/column.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {

BetweenView::BetweenView(QWidget* parent) : QWidget(parent) {
    m_plot = named("incontext.regression.between", new Plot(tr("Loss of mixed weights")));
    m_plot->setFractions();
    m_plot->setXRange(0, 1);
    m_plot->setXTitle(tr("0 trained · 1 by construction"));
    m_plot->setReading([](double loss) { return significant(loss, 3); });
    m_plot->setFlag([](double share) { return fixed(share, 2); });
    m_plot->setToolTip(tr(
        "Loss of (1 − a) trained + a constructed weights. A factor can be moved from one product of a layer to the other without changing "
        "what it computes, so each product is brought to the construction’s size before (von Oswald 2023)."));
    m_plot->legend()->show();
    m_sentence = new WrappedText(2, TextSize::caption, Role::muted);
    auto* lines = column(this);
    lines->addWidget(m_plot->legend());
    lines->addWidget(m_plot, 1);
    lines->addWidget(m_sentence);
    keepSpacing(lines, {6, 2, 4, 2}, 0);
}

QString BetweenView::sentence() const {
    return m_sentence->text();
}

void BetweenView::setScene(const RegressionScene& scene) {
    std::vector<PlotSeries> series;
    QString sentence;
    if (scene.study && !scene.study->between.empty()) {
        const auto& points = scene.study->between;
        PlotSeries loss{.name = tr("loss"), .role = Role::series1, .squares = true};
        double highest = 0;
        for (const InterpolatedLoss& point : points) {
            loss.x.push_back(point.share);
            loss.y.push_back(point.loss);
            highest = std::max(highest, point.loss);
        }
        m_plot->setYRange(std::pair(0.0, highest * 1.15));
        const double ends = std::max(points.front().loss, points.back().loss);
        sentence = tr("Highest on the way %1, at the ends %2 and %3: %4 above the higher end.")
                       .arg(significant(highest, 3), significant(points.front().loss, 3), significant(points.back().loss, 3),
                            percent(ends > 0 ? highest / ends - 1 : 0));
        series.push_back(std::move(loss));
    }
    m_plot->setEmptyText(scene.study && !scene.study->whyNotBetween.empty() ? shown(scene.study->whyNotBetween) : tr("Measuring"));
    m_plot->setSeries(std::move(series));
    m_sentence->setText(sentence);
}

}  // namespace lab
