#include "ui/pages/codes/course_view.h"

#include <QVBoxLayout>
#include <cmath>

#include "core/codes/code_sentences.h"
#include "ui/runs/code_history.h"
#include "ui/text/message_text.h"
#include "ui/text/terms.h"
#include "ui/widgets/column.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

constexpr int courseGap = 8, sharesHigh = 5, bitsHigh = 3;  // logical px at 100 %, shares of the height

/// One number of each point.
PlotSeries courseSeries(const QString& name, Role role, const std::vector<codes::CodePoint>& points, double codes::CodePoint::*value) {
    PlotSeries series{.name = name, .role = role, .squares = points.size() == 1};
    for (const codes::CodePoint& point : points) {
        series.x.push_back(static_cast<double>(point.step));
        series.y.push_back(point.*value);
    }
    return series;
}

}  // namespace

CourseView::CourseView(CodeHistory& history, QWidget* parent) : QWidget(parent), m_history(history) {
    m_shares = makePlot("codes.training.shares", tr("Code over training"));
    m_shares->setYRange(std::pair(0.0, 1.05));
    m_shares->setReading([](double share) { return percent(share); });
    m_shares->setToolTip(
        withTerm(tr("Of the sequences of the test set: those that are read back without an error from their codes alone, the "
                    "positions that are, and those whose code another one has too."),
                 QStringLiteral("code_collision")));
    m_bits = makePlot("codes.training.bits", tr("Bits of the code over training"));
    m_bits->setReading([](double bits) { return fixed(bits, 1); });
    m_bits->setToolTip(withTerm(tr("The sum of log\u2082 e^H over the slots, beside what there is room for and what is needed to tell all "
                                   "sequences apart."),
                                QStringLiteral("code_perplexity")));
    m_sharesPanel = new PanelFrame(tr("Read back and told apart"));
    m_sharesPanel->setShortTitle(tr("Code"));
    m_bitsPanel = new PanelFrame(tr("Bits"));
    auto* body = new QWidget;
    QVBoxLayout* lines = column(body);
    m_sentence = new WrappedText(4, TextSize::axis, Role::text);
    lines->addWidget(m_shares, 1);
    lines->addWidget(m_sentence);
    keepSpacing(lines, {6, 2, 4, 2}, 0);
    m_sharesPanel->addControl(m_shares->legend());
    m_sharesPanel->setContent(body);
    m_bitsPanel->addControl(m_bits->legend());
    m_bitsPanel->setContent(m_bits);
    QVBoxLayout* down = column(this);
    down->addWidget(m_sharesPanel, sharesHigh);
    down->addWidget(m_bitsPanel, bitsHigh);
    followTheme(this, &CourseView::applyMeasures);
}

Plot* CourseView::makePlot(const char* id, const QString& name) {
    auto* plot = named(id, new Plot(name, PlotScene::Kind::progress));
    plot->setFlag([](double step) { return tr("step %1").arg(grouped(std::llround(step))); });
    plot->legend()->show();
    connect(plot, &Plot::handMoved, this, [this](double step) { emit stepWanted(std::llround(std::max(step, 0.0))); });
    return plot;
}

void CourseView::applyMeasures() {
    layout()->setSpacing(Theme::instance().px(courseGap));
}

QString CourseView::sentence() const {
    return m_sentence->text();
}

QString CourseView::progress() const {
    if (m_history.complete() || m_history.kept() == 0) return {};
    return tr("%1 of %2 steps").arg(grouped(m_history.done()), grouped(m_history.kept()));
}

/// Steps that are still missing could change what is said of when.
QString CourseView::words() const {
    if (!m_history.error().isEmpty()) return m_history.error();
    if (m_history.points().empty()) return {};
    if (!m_history.complete() && !m_history.stopped()) return tr("Measuring the kept steps, the coarse ones first.");
    return shown(codes::courseSentence(m_history.points()));
}

void CourseView::setScene(const CourseScene& scene) {
    showCurves(scene);
    const QString flag = tr("step %1").arg(grouped(scene.step));
    for (Plot* plot : {m_shares, m_bits}) {
        plot->setEmptyText(m_history.error().isEmpty() ? tr("Nothing is measured yet") : m_history.error());
        plot->setHand(m_history.points().empty() ? std::nullopt : std::optional(static_cast<double>(scene.step)), flag);
    }
    m_sharesPanel->setSubtitle(progress());
    m_sentence->setText(words());
}

void CourseView::showCurves(const CourseScene& scene) {
    const std::vector<codes::CodePoint>& points = m_history.points();
    std::vector<PlotSeries> shares, bits;
    if (!points.empty()) {
        shares.push_back(courseSeries(tr("exact"), Role::series1, points, &codes::CodePoint::exact));
        shares.push_back(courseSeries(tr("positions"), Role::series3, points, &codes::CodePoint::positions));
        shares.push_back(courseSeries(tr("collisions"), Role::series2, points, &codes::CodePoint::collisions));
        bits.push_back(courseSeries(tr("used"), Role::series1, points, &codes::CodePoint::bitsUsed));
    }
    m_bits->setLevel(points.empty() ? std::nullopt : std::optional(scene.room), tr("room %1").arg(fixed(scene.room, 1)));
    if (!points.empty() && scene.needed) m_bits->addLevel(*scene.needed, tr("needed %1").arg(fixed(*scene.needed, 1)));
    m_shares->setSeries(std::move(shares));
    m_bits->setSeries(std::move(bits));
}

}  // namespace lab
