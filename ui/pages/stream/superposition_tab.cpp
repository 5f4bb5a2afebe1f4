#include "ui/pages/stream/superposition_tab.h"

#include <QElapsedTimer>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QSlider>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/base/number_text.h"
#include "core/runs/budget.h"
#include "ui/pages/stream/feature_scene.h"
#include "ui/pages/stream/stream_tab.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/caption.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

constexpr int toyGap = 8, toyRow = 20, toyBar = 60;  // logical px at 100 %
constexpr int stepsAtOnce = 50;                      // of the button
constexpr qint64 sliceTime = 12;                     // ms of the window's thread
constexpr int mostFeatures = 64;
constexpr double keptNorm = 0.5;

const QString toySource = QStringLiteral("Elhage et al. 2022, Toy Models of Superposition");

}  // namespace

SuperpositionTab::SuperpositionTab(Focus& focus, QWidget* parent) : PageTab(focus, parent), m_toy(SuperpositionConfig{}) {
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(0, 0, 0, 0);
    makeControls();
    m_grid->addWidget(makeSettings(), 0, 0);
    m_grid->addWidget(makeArrows(), 0, 1);
    m_grid->addWidget(makeReturned(), 0, 2);
    m_grid->addWidget(makeLoss(), 1, 0);
    m_grid->addWidget(makeTable(), 1, 1, 1, 2);
    for (int c = 0; c < 3; ++c) m_grid->setColumnStretch(c, 1);
    m_grid->setRowStretch(0, 3);
    m_grid->setRowStretch(1, 2);
    m_clock.setInterval(budget::frame);
    connect(&m_clock, &QTimer::timeout, this, &SuperpositionTab::slice);
    connect(m_train, &QPushButton::clicked, this, [this] { setTraining(!training()); });
    connect(m_step, &QPushButton::clicked, this, [this] { advance(stepsAtOnce); });
    connect(m_reset, &QPushButton::clicked, this, &SuperpositionTab::restart);
    followTheme(this, &SuperpositionTab::applyMeasures);
    restart();
}

void SuperpositionTab::makeControls() {
    m_controls = new QWidget(this);
    auto* row = new QHBoxLayout(m_controls);
    m_train = named("stream.superposition.train", new Button(tr("Train")));
    m_train->setWidthFor({tr("Train"), tr("Pause")});
    m_train->setToolTip(tr("Trains the toy on and on, until paused or another tab is shown"));
    m_step = named("stream.superposition.step", new Button(tr("%1 steps").arg(stepsAtOnce)));
    m_reset = named("stream.superposition.reset", new Button(tr("Reset")));
    m_reset->setToolTip(tr("Back to the first weights"));
    for (Button* button : {m_train, m_step, m_reset}) row->addWidget(button);
    keepSpacing(row, {0, 0, 0, 0}, 6);
}

SuperpositionTab::Setting SuperpositionTab::makeSetting(const QString& name, const QString& title, const QString& help,
                                                        std::pair<int, int> range, int value) {
    Setting setting{named(name, new QSlider(Qt::Horizontal)), new ThemedLabel(QString(), TextSize::text, Role::text, true)};
    setting.slider->setRange(range.first, range.second);
    setting.slider->setValue(value);
    setting.slider->setAccessibleName(title);
    setting.slider->setToolTip(help);
    auto* row = new QHBoxLayout;
    row->addWidget(new Caption(title, setting.slider), 1);
    row->addWidget(setting.value);
    auto* lines = dynamic_cast<QVBoxLayout*>(m_settings->layout());
    lines->addLayout(row);
    lines->addWidget(setting.slider);
    connect(setting.slider, &QSlider::valueChanged, this, &SuperpositionTab::restart);
    return setting;
}

QWidget* SuperpositionTab::makeSettings() {
    auto* panel = new PanelFrame(tr("More features than dimensions"), this);
    panel->setToolTip(toySource);
    m_settings = new QWidget;
    auto* lines = new QVBoxLayout(m_settings);
    keepSpacing(lines, {8, 6, 8, 6}, 4);
    const SuperpositionConfig first;
    m_features = makeSetting(QStringLiteral("stream.superposition.features"), tr("features"),
                             tr("n: numbers that are mostly 0 and come back as well as may be"), {1, mostFeatures}, first.features);
    m_dimensions = makeSetting(QStringLiteral("stream.superposition.dimensions"), tr("dimensions"), tr("m: numbers in which they are kept"),
                               {1, first.features}, first.dimensions);
    m_sparsity = makeSetting(QStringLiteral("stream.superposition.sparsity"), tr("sparsity"),
                             tr("How often a feature is 0; else it is drawn evenly from 0 to 1"), {0, 99},
                             static_cast<int>(std::lround(first.sparsity * 100)));
    m_importance = makeSetting(QStringLiteral("stream.superposition.importance"), tr("importance"),
                               tr("Feature i counts as this to the power i in the loss: 1 makes all alike"), {10, 100},
                               static_cast<int>(std::lround(first.importance * 100)));
    m_words = new WrappedText(6);
    m_words->setHelp(tr("x’ = relu(WᵀW x + b): n features are kept in m numbers and given back, trained by Adam on fresh vectors.") +
                     QLatin1Char('\n') + toySource);
    lines->addWidget(m_words);
    lines->addStretch(1);
    panel->setContent(m_settings);
    return panel;
}

QWidget* SuperpositionTab::makeArrows() {
    m_arrowPanel = new PanelFrame(tr("Where features are kept"), this);
    m_arrows = named("stream.superposition.arrows", new FeatureArrows);
    m_arrows->setToolTip(
        tr("The columns of W: feature i is kept along arrow i; the circle has length 1. Sparse features share the plane.") +
        QLatin1Char('\n') + toySource);
    m_arrowPanel->setContent(m_arrows);
    return m_arrowPanel;
}

QWidget* SuperpositionTab::makeReturned() {
    m_returnedPanel = new PanelFrame(tr("What comes back"), this);
    m_returned = named("stream.superposition.returned", new Map(MapForm::values(), tr("What comes back")));
    m_returned->setSquare(true);
    m_returned->setAxes(tr("given back"), tr("put in"));
    m_returned->setQuantity(QStringLiteral("W\u1D40W"), [](double value) { return signedFixed(value, 2); });
    m_returned->setTip(tr("WᵀW: what of feature j comes back as feature i, before bias and relu. Off the diagonal: interference."));
    m_returnedPanel->setContent(m_returned);
    return m_returnedPanel;
}

QWidget* SuperpositionTab::makeTable() {
    m_tablePanel = new PanelFrame(tr("Features"), this);
    m_table = named("stream.superposition.table", new DataTable(tr("Features of the toy"), toyRow));
    fillColumns();
    m_tablePanel->setContent(m_table);
    return m_tablePanel;
}

void SuperpositionTab::fillColumns() {
    std::vector<TableColumn> columns(1);
    columns[0] = {"feature", tr("feature"), tr("From 0, the most important first."), Qt::AlignLeft, true};
    columns[0].cell = [](std::size_t row) { return TableCell{QString::number(row), Role::text, true}; };
    columns[0].number = [](std::size_t row) { return static_cast<double>(row); };
    const auto add = [&](const char* id, const QString& title, const QString& help, const std::vector<double>& values) {
        TableColumn column{id, title, help};
        column.bar = toyBar;
        column.number = [&values](std::size_t row) { return row < values.size() ? values[row] : std::nan(""); };
        column.cell = [number = column.number](std::size_t row) {
            if (!std::isfinite(number(row))) return noNumber();
            TableCell cell{fixed(number(row), 2)};
            cell.bar = std::clamp(number(row), 0.0, 1.0);
            return cell;
        };
        column.widest = QStringLiteral("0.00");
        columns.push_back(std::move(column));
    };
    add("norm", tr("norm"), tr("‖W_i‖: 1 of a feature that is kept, 0 of one that is left out."), m_norms);
    add("interference", tr("interference"), tr("Σ (Ŵ_i · W_j)² over the others: how much they speak into its direction."), m_interference);
    add("dimensionality", tr("dimensions"),
        tr("‖W_i‖² / Σ (Ŵ_i · W_j)² over all: the share of a dimension that it has; 1 of its own, ½ of a pair of opposites.") +
            QLatin1Char('\n') + toySource,
        m_dimensionality);
    m_table->setColumns(std::move(columns));
}

QWidget* SuperpositionTab::makeLoss() {
    m_lossPanel = new PanelFrame(tr("Loss"), this);
    m_loss = named("stream.superposition.loss", new Plot(tr("Loss of the toy"), PlotScene::Kind::progress));
    m_loss->setReading([](double value) { return significant(value, 3); });
    m_loss->setToolTip(tr("Σ importance · (x − x’)², the mean over vectors that training never draws"));
    m_loss->setEmptyText(tr("Train shows it here"));
    m_lossPanel->setContent(m_loss);
    return m_lossPanel;
}

void SuperpositionTab::applyMeasures() {
    m_grid->setSpacing(Theme::instance().px(toyGap));
}

/// What a session keeps, by name; features before dimensions, which they limit.
std::vector<std::pair<QString, QSlider*>> SuperpositionTab::kept() const {
    return {{QStringLiteral("features"), m_features.slider},
            {QStringLiteral("dimensions"), m_dimensions.slider},
            {QStringLiteral("sparsity"), m_sparsity.slider},
            {QStringLiteral("importance"), m_importance.slider}};
}

QJsonObject SuperpositionTab::notes() const {
    QJsonObject notes;
    if (wanted() == SuperpositionConfig()) return notes;
    for (const auto& [name, slider] : kept()) notes[name] = slider->value();
    return notes;
}

void SuperpositionTab::takeNotes(const QJsonObject& notes) {
    for (const auto& [name, slider] : kept()) slider->setValue(notes[name].toInt(slider->value()));
}

SuperpositionConfig SuperpositionTab::wanted() const {
    SuperpositionConfig config;
    config.features = m_features.slider->value();
    config.dimensions = std::min(m_dimensions.slider->value(), config.features);
    config.sparsity = m_sparsity.slider->value() / 100.0;
    config.importance = m_importance.slider->value() / 100.0;
    return config;
}

void SuperpositionTab::restart() {
    {
        const QSignalBlocker quiet(m_dimensions.slider);
        m_dimensions.slider->setMaximum(m_features.slider->value());
    }
    m_toy = Superposition(wanted());
    m_steps = {0};
    m_losses = {m_toy.validationLoss()};
    showAll();
}

void SuperpositionTab::setTraining(bool on) {
    if (on)
        m_clock.start();
    else
        m_clock.stop();
    m_train->setText(on ? tr("Pause") : tr("Train"));
    m_step->setEnabled(!on);
}

void SuperpositionTab::hideEvent(QHideEvent* event) {
    PageTab::hideEvent(event);
    setTraining(false);
}

/// As many steps as leave the window to the hand.
void SuperpositionTab::slice() {
    QElapsedTimer time;
    time.start();
    do m_toy.train(1);
    while (time.elapsed() < sliceTime);
    advance(0);
}

void SuperpositionTab::advance(int steps) {
    if (steps > 0) m_toy.train(steps);
    m_steps.push_back(m_toy.step());
    m_losses.push_back(m_toy.validationLoss());
    showAll();
}

QString SuperpositionTab::sentence() const {
    const auto kept = static_cast<int>(std::ranges::count_if(m_norms, [](double norm) { return norm > keptNorm; }));
    const SuperpositionConfig& config = m_toy.config();
    const QString count = counted(LAB_PLURAL("stream", "Kept in %1 dimensions (norm above ½): %n feature(s) of %2."), kept,
                                  {QString::number(config.dimensions), QString::number(config.features)});
    if (kept <= config.dimensions)
        return count + QLatin1Char(' ') +
               tr("No more than there are dimensions: each may have its own, the rest is left out. Sparser features would share.");
    return count + QLatin1Char(' ') +
           tr("More than there are dimensions: they lie in superposition. What one says disturbs the others, but sparse features are "
              "seldom there together, and bias and relu cut the small disturbance off.");
}

void SuperpositionTab::showAll() {
    m_norms = m_toy.norms();
    m_interference = m_toy.interference();
    m_dimensionality = m_toy.dimensionality();
    const SuperpositionConfig& config = m_toy.config();
    m_features.value->setText(QString::number(config.features));
    m_dimensions.value->setText(QString::number(config.dimensions));
    m_sparsity.value->setText(fixed(config.sparsity, 2));
    m_importance.value->setText(fixed(config.importance, 2));
    m_words->setText(sentence());
    m_arrows->setScene({m_toy.weights()}, sentence());
    const Eigen::MatrixXd back = m_toy.returned();
    std::vector<float> cells;
    for (std::ptrdiff_t r = 0; r < back.rows(); ++r)
        for (std::ptrdiff_t c = 0; c < back.cols(); ++c) cells.push_back(static_cast<float>(back(r, c)));
    const MapData table = mapOf(std::move(cells), config.features, config.features);
    m_returned->setData(table, balancedScaling(table));
    m_table->showAll(m_norms.size(), m_table->chosen());
    PlotSeries loss{tr("held-back vectors"), Role::series1};
    loss.x = m_steps;
    loss.y = m_losses;
    m_loss->setXRange(0, std::max(m_toy.step(), 1));
    m_loss->setYRange(std::pair(0.0, 1.05 * *std::ranges::max_element(m_losses)));
    m_loss->setSeries({std::move(loss)});
    m_lossPanel->setNote(QStringLiteral("%1").arg(significant(m_losses.back(), 3)));
    emit changed();
}

TabHeading SuperpositionTab::heading() const {
    const SuperpositionConfig& config = m_toy.config();
    return {tr("Superposition"), tr("%1 features in %2 dimensions, step %3")
                                     .arg(QString::number(config.features), QString::number(config.dimensions), grouped(m_toy.step()))};
}

FigureSubject SuperpositionTab::subject() const {
    return {heading().detail};
}

std::vector<FigureOffer> SuperpositionTab::figures() {
    const FigureSubject of = subject();
    std::vector<FigureOffer> offers;
    if (m_toy.config().dimensions <= 2) {
        const QString name = m_arrowPanel->title();
        offers.push_back(
            {name, figureFile(of, name), [of, name, scene = m_arrows->scene()] {
                 auto figure = std::make_unique<PartsFigure>();
                 figure->title = name;
                 figure->caption = subjectCaption(of, name);
                 figure->body = QSizeF(360, 360);
                 figure->parts.push_back({QString(), QRectF(QPointF(), figure->body), nullptr});
                 figure->parts.back().paint = [scene](QPainter& painter, const QSizeF& room) {
                     scene.paint(painter, QRectF(QPointF(), room));
                 };
                 figure->numbers.header = {"feature", "dimension", "weight"};
                 for (std::ptrdiff_t i = 0; i < scene.weights.cols(); ++i)
                     for (std::ptrdiff_t d = 0; d < scene.weights.rows(); ++d)
                         figure->numbers.rows.push_back({std::to_string(i), std::to_string(d), numberText(scene.weights(d, i))});
                 return figure;
             }});
    }
    for (FigureOffer& offer : partOffers(*this, of)) offers.push_back(std::move(offer));
    offers.push_back(tableOffer(m_tablePanel->title(), *m_table, m_tablePanel->title(), of));
    return ofNoRun(std::move(offers), of);
}

PageTab* makeSuperpositionTab(Focus& focus, QWidget* parent) {
    return new SuperpositionTab(focus, parent);
}

}  // namespace lab
