#include "ui/pages/explain/cost_view.h"

#include <QFocusEvent>
#include <QHBoxLayout>
#include <QSlider>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/explain/long_inputs.h"
#include "core/explain/shapes.h"
#include "ui/pages/explain/cost_table.h"
#include "ui/runs/cost_timer.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/column.h"
#include "ui/widgets/current_stack.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int costMargin = 8, costGap = 8, sliderWidth = 260, lengthTextWidth = 96, plotsHeight = 220, sideBySideWidth = 760;
constexpr int firstCosted = 6;  // of the lengths: 4 096
constexpr double ownWidth = 3.2, otherWidth = 1.3;

QString bytesWords(double count) {
    return shown(explain::bytesText(count));
}

QString lengthFlag(double n) {
    return QStringLiteral("n ") + grouped(std::llround(n));
}

/// A line a pattern, the model's own on top.
std::vector<PlotSeries> patternSeries(const std::vector<CostLine>& lines, const std::function<double(const ModelCost&)>& value) {
    std::vector<PlotSeries> all;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        PlotSeries series{.name = QString::fromUtf8(lines[i].pattern.kind.name().data(), std::ssize(lines[i].pattern.kind.name())),
                          .role = costRole(i),
                          .width = lines[i].own ? ownWidth : otherWidth,
                          .squares = lines[i].own,
                          .onTop = lines[i].own};
        for (const ModelCost& cost : lines[i].points) {
            series.x.push_back(cost.length);
            series.y.push_back(value(cost));
        }
        all.push_back(std::move(series));
    }
    return all;
}

Plot* costPlot(const char* id, const QString& name) {
    Plot* plot = named(id, new Plot(name));
    plot->setScales(AxisScale::logarithmic, AxisScale::logarithmic);
    plot->setXTitle(CostView::tr("tokens n"));
    plot->setNamesAtEnds();
    plot->setFlag(lengthFlag);
    plot->setXRange(shortestCosted, longestCosted);
    const std::vector<int> lengths = costedLengths();
    plot->setHandStops({lengths.begin(), lengths.end()});
    plot->setEmptyText(CostView::tr("counting\u2026"));
    return plot;
}

}  // namespace

CostView::CostView(QWidget* parent) : QWidget(parent) {
    QVBoxLayout* rows = column(this);
    keepSpacing(rows, QMargins(costMargin, costMargin, costMargin, costMargin), costGap);
    rows->addWidget(makeTop());
    rows->addWidget(makePlots());
    m_table = named("explain.cost.table", new CostTable);
    rows->addWidget(m_table);
    makeText();
    rows->addWidget(m_text);
    rows->addStretch(1);
    m_timer = new CostTimer(this);
    connect(m_timer, &CostTimer::timed, this, [this](const std::vector<TimedCost>& ofLength) {
        m_timed.insert(m_timed.end(), ofLength.begin(), ofLength.end());
        showTimes();
        emit changed();
    });
    connect(m_timer, &CostTimer::failed, this, [this](const QString& message) { m_failure = message; });
    connect(m_timer, &CostTimer::finished, this, &CostView::showMeasuring);
    followTheme(this, &CostView::applyMeasures);
    setFocusPolicy(Qt::ClickFocus);
    showLength();
    showMeasuring();
}

QWidget* CostView::makeTop() {
    auto* top = new QWidget;
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    auto* label = new ThemedLabel(tr("Length n"), TextSize::text, Role::muted);
    m_slider = named("explain.cost.length", new QSlider(Qt::Horizontal));
    m_slider->setAccessibleName(tr("Length n of the sequence"));
    m_slider->setToolTip(tr("64 to 131 072 tokens, each length twice the one before; the hand in the plots does the same"));
    m_slider->setRange(0, static_cast<int>(costedLengths().size()) - 1);
    m_slider->setPageStep(2);
    m_slider->setValue(firstCosted);
    label->setBuddy(m_slider);
    m_lengthText = new ThemedLabel({}, TextSize::token, Role::text, true);
    m_facts = new ThemedLabel({}, TextSize::text, Role::muted);
    m_facts->setWordWrap(true);
    row->addWidget(label);
    row->addWidget(m_slider);
    row->addWidget(m_lengthText);
    row->addWidget(m_facts, 1);
    connect(m_slider, &QSlider::valueChanged, this, [this] {
        showLength();
        emit changed();
    });
    return top;
}

QWidget* CostView::makePlots() {
    auto* plots = new QWidget;
    m_plots = new QHBoxLayout(plots);
    m_plots->setContentsMargins(0, 0, 0, 0);
    m_bytesPanel = new PanelFrame(tr("Bytes"));
    m_bytesPanel->setSubtitle(tr("one map by pattern, the cache of a decoder, the weights"));
    m_bytes = costPlot("explain.cost.bytes", tr("Bytes against n"));
    m_bytes->setReading(bytesWords);
    m_bytes->setToolTip(
        tr("Bytes of one head\u2019s map with each pattern; thick: this model\u2019s own. Drag, or Left and Right, for n."));
    m_bytesPanel->setContent(m_bytes);
    m_productsPanel = new PanelFrame(tr("Multiply-adds a token"));
    m_productsPanel->setSubtitle(tr("forward pass of the whole model"));
    m_products = costPlot("explain.cost.products", tr("Multiply-adds a token against n"));
    m_products->setReading(productsText);
    m_products->setToolTip(tr("Of the whole model with each pattern; thick: this model\u2019s own. Drag, or Left and Right, for n."));
    m_times = costPlot("explain.cost.times", tr("Microseconds a token against n"));
    m_times->setReading([](double microseconds) { return tr("%1 \u00B5s").arg(significant(microseconds)); });
    m_times->setEmptyText(tr("Not measured yet"));
    m_times->setToolTip(
        tr("A forward pass of one sequence on one thread of this computer, the patterns of a length in turn, the median of three; beside "
           "a training everything takes longer."));
    m_quantity = named("explain.cost.quantity", new SegmentedControl({tr("counted"), tr("measured")}, tr("Multiply-adds or time")));
    m_quantity->setHeight(20);
    m_measure = named("explain.cost.measure", new Button(tr("Measure")));
    m_measure->setHeight(20);
    m_measure->setToolTip(tr("Times a forward pass with each pattern, 64 to 4 096 tokens"));
    m_productsPanel->addControl(m_measure);
    m_productsPanel->addControl(m_quantity);
    m_right = new CurrentStack(m_productsPanel);
    m_right->addWidget(m_products);
    m_right->addWidget(m_times);
    m_productsPanel->setContent(m_right);
    connect(m_quantity, &SegmentedControl::chosen, this, [this] { showMeasuring(); });
    connect(m_measure, &QPushButton::clicked, this, [this] { measure(); });
    for (Plot* plot : {m_bytes, m_products, m_times})
        connect(plot, &Plot::handMoved, this, [this](double n) { setLength(static_cast<int>(std::lround(n))); });
    m_plots->addWidget(m_bytesPanel, 1);
    m_plots->addWidget(m_productsPanel, 1);
    keepSpacing(m_plots, costGap);
    return plots;
}

void CostView::makeText() {
    m_text = new ThemedLabel({}, TextSize::text, Role::text);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::RichText);
    m_text->setAlignment(Qt::AlignTop | Qt::AlignLeft);
}

void CostView::setRun(Run* run) {
    const std::shared_ptr<const Model> model = run ? run->model() : nullptr;
    m_run = run;
    if (m_model == model) return;
    m_model = model;
    m_timer->cancel();
    m_timed.clear();
    m_failure.clear();
    if (isVisible()) compute();
}

void CostView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    compute();
}

void CostView::compute() {
    if (!m_model || m_known == m_model) return;
    m_known = m_model;
    takeLines({});
    m_task.request([this, model = m_model](const LatestTask::Wanted& wanted) -> LatestTask::Found {
        std::vector<CostLine> lines = costLines(model->config(), costedLengths(), wanted);
        return [this, lines = std::move(lines)] { takeLines(lines); };
    });
}

void CostView::takeLines(std::vector<CostLine> lines) {
    m_lines = std::move(lines);
    showLines();
    showLength();
    showText();
    showTimes();
    showMeasuring();
    applyMeasures();
    emit changed();
}

bool CostView::measuring() const {
    return m_timer->running();
}

void CostView::measure(const CostTiming& timing) {
    if (measuring()) return m_timer->cancel();
    if (!m_run || m_lines.empty()) return;
    m_timed.clear();
    m_failure.clear();
    m_timer->start(*m_run, timing);
    m_quantity->setCurrent(1);
    showTimes();
    showMeasuring();
}

void CostView::showTimes() {
    std::vector<CostLine> unmeasured = m_lines;
    for (CostLine& line : unmeasured) line.points.clear();
    std::vector<PlotSeries> series = patternSeries(unmeasured, {});
    for (PlotSeries& each : series) each.squares = true;
    for (const TimedCost& time : m_timed) {
        if (time.line >= series.size()) continue;
        series[time.line].x.push_back(time.length);
        series[time.line].y.push_back(1e6 * time.secondsPerToken);
    }
    if (m_timed.empty()) series.clear();
    m_times->setXRange(shortestCosted, longestTimed);
    m_times->setSeries(std::move(series));
}

void CostView::showMeasuring() {
    const bool times = m_quantity->current() == 1;
    m_right->setCurrentIndex(times ? 1 : 0);
    m_productsPanel->setTitle(times ? tr("Microseconds a token") : tr("Multiply-adds a token"));
    m_productsPanel->setSubtitle(times ? (m_failure.isEmpty() ? tr("forward pass, one thread, this computer") : m_failure)
                                       : tr("forward pass of the whole model"));
    m_measure->setText(measuring() ? tr("Stop") : tr("Measure"));
    m_measure->setEnabled(m_run && !m_lines.empty());
}

void CostView::showLines() {
    std::vector<PlotSeries> bytes = patternSeries(m_lines, [](const ModelCost& c) { return c.mapBytes; });
    m_bytes->setLevel(std::nullopt);
    if (!m_lines.empty()) {
        const std::vector<ModelCost>& own = m_lines.front().points;
        if (own.back().cache > 0) {
            PlotSeries cache{.name = tr("cache"), .role = Role::muted, .width = otherWidth};
            for (const ModelCost& cost : own) {
                cache.x.push_back(cost.length);
                cache.y.push_back(cost.cache);
            }
            bytes.push_back(std::move(cache));
        }
        PlotSeries weights{.name = tr("weights"), .role = Role::text, .width = otherWidth};
        for (const ModelCost& cost : own) {
            weights.x.push_back(cost.length);
            weights.y.push_back(sizeof(float) * cost.weights);
        }
        bytes.push_back(std::move(weights));
    }
    m_bytes->setSeries(std::move(bytes));
    m_products->setSeries(patternSeries(m_lines, [](const ModelCost& c) { return c.productsPerToken(); }));
}

int CostView::length() const {
    return costedLengths()[static_cast<std::size_t>(m_slider->value())];
}

void CostView::setLength(int n) {
    const std::vector<int> lengths = costedLengths();
    const auto farness = [n](int each) { return std::abs(std::log(static_cast<double>(each) / std::max(1, n))); };
    m_slider->setValue(static_cast<int>(std::ranges::min_element(lengths, {}, farness) - lengths.begin()));
    showLength();  // also back from where the hand was let go
}

void CostView::showLength() {
    const auto point = static_cast<std::size_t>(m_slider->value());
    m_lengthText->setText(grouped(length()));
    for (Plot* plot : {m_bytes, m_products, m_times}) plot->setHand(length(), lengthFlag(length()));
    m_table->setRows(m_lines, m_lines.empty() ? 0 : point);
    m_facts->setText(m_lines.empty() ? tr("counting\u2026") : factsOf(m_lines.front().points[point]));
}

QString CostView::factsOf(const ModelCost& cost) const {
    QStringList facts{
        tr("%1 weights, %2").arg(grouped(std::llround(cost.weights)), bytesWords(sizeof(float) * cost.weights)),
        tr("multiply-adds of the sequence: %1 projections, %2 feed-forward, %3 scores and mixing, %4 answers")
            .arg(productsText(cost.projections), productsText(cost.feedForward), productsText(cost.attention), productsText(cost.answers))};
    if (cost.cache > 0) facts << tr("cache %1").arg(bytesWords(cost.cache));
    if (cost.state > 0) facts << tr("running sums in its place would take %1 at every n").arg(bytesWords(cost.state));
    const int longest = m_model ? longestOf(m_model->config()) : 0;
    if (longest > 0 && cost.length > longest)
        facts << tr("its table of positions ends at %1: beyond, it would have to be longer").arg(grouped(longest));
    return facts.join(QStringLiteral(" \u00B7 "));
}

void CostView::showText() {
    if (!m_model) return m_text->clear();
    QStringList lines{
        QStringLiteral("<b>%1</b> %2")
            .arg(tr("Why weights do not grow with n.").toHtmlEscaped(), shown(explain::whyWeightsStay(m_model->config())).toHtmlEscaped())};
    lines << QStringLiteral("<b>%1</b>").arg(tr("What else a reader of long inputs meets, elsewhere than here:").toHtmlEscaped());
    for (const explain::LongInputIdea& idea : explain::longInputIdeas())
        lines << tr("%1 %2 (%3).")
                     .arg(QStringLiteral("<b>%1</b>").arg(shown(Message(idea.name)).toHtmlEscaped()),
                          shown(Message(idea.sentence)).toHtmlEscaped(), QString::fromUtf8(idea.source).toHtmlEscaped());
    m_text->setText(lines.join(QStringLiteral("<br>")));
}

QString CostView::facts() const {
    return m_facts->text();
}

QString CostView::sentences() const {
    return m_text->text();
}

void CostView::applyMeasures() {
    const Theme& theme = Theme::instance();
    m_slider->setFixedWidth(theme.px(sliderWidth));
    m_lengthText->setFixedWidth(theme.px(lengthTextWidth));
    for (PanelFrame* panel : {m_bytesPanel, m_productsPanel}) panel->setMinimumHeight(theme.px(plotsHeight));
    m_table->setFixedHeight(m_table->fullHeight());
}

/// Side by side where there is room, else one below the other.
void CostView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const auto direction = width() >= Theme::instance().px(sideBySideWidth) ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom;
    if (m_plots->direction() != direction) m_plots->setDirection(direction);
}

void CostView::focusInEvent(QFocusEvent* event) {
    m_slider->setFocus(event->reason());
}

}  // namespace lab
