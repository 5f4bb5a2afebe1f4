#include "ui/pages/sweeps/sweeps_page.h"

#include <QComboBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/files.h"
#include "core/sweep/finished_results.h"
#include "ui/pages/sweeps/filter_bar.h"
#include "ui/pages/sweeps/sweep_table.h"
#include "ui/pages/sweeps/sweeps_figures.h"
#include "ui/pages/sweeps/watch_view.h"
#include "ui/runs/workspace.h"
#include "ui/text/data_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/caption.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/named.h"
#include "ui/widgets/page_header.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spoken_help.h"
#include "ui/widgets/table/table_figure.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int sweepsPageMargin = 8;       // logical px at 100 %
constexpr std::size_t mostPictured = 60;  // rows of the table; a file has all of them
constexpr int sweepsPageLeastTable = 380, leastPlots = 340, wide = 1500;

/// What does not fit is scrolled to.
QScrollArea* sweepsPageScrolled(QWidget* content) {
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(content);
    content->setAutoFillBackground(false);
    area->viewport()->setAutoFillBackground(false);
    return area;
}

std::optional<std::size_t> keyOf(const QComboBox& box) {
    const int key = box.currentData().toInt();
    return key < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(key));
}

void choose(QComboBox& box, std::optional<std::size_t> key) {
    const QSignalBlocker quiet(box);
    box.setCurrentIndex(std::max(box.findData(key ? static_cast<int>(*key) : -1), 0));
}

}  // namespace

SweepsPage::SweepsPage(Focus& focus, Workspace& workspace, QWidget* parent) : Page(focus, parent), m_book(&workspace.sweepBook()) {
    makeHeader();
    m_stack = new QStackedWidget;
    m_stack->addWidget(makeEmpty());
    m_stack->addWidget(makeContent());
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_header);
    layout->addWidget(m_stack, 1);
    connectParts();
    if (m_book->contents()) takeContents();
    followTheme(this, &SweepsPage::applyMeasures);
}

SweepsPage::~SweepsPage() = default;

void SweepsPage::takeOver(const Page& other) {
    const auto& before = static_cast<const SweepsPage&>(other);
    m_filter->field().setText(before.m_filter->field().text());
    const auto take = [](QComboBox& box, const QComboBox& of) { box.setCurrentIndex(std::max(box.findData(of.currentData()), 0)); };
    if (m_numberBox->count() > 0) take(*m_numberBox, *before.m_numberBox);
    if (m_heatRow->count() == 0) return;
    take(*m_heatRow, *before.m_heatRow);
    take(*m_heatColumn, *before.m_heatColumn);
    take(*m_distributionKey, *before.m_distributionKey);
}

void SweepsPage::makeHeader() {
    m_header = new PageHeader(this);
    m_numberBox = named("sweeps.header.number", new QComboBox);
    m_numberBox->setAccessibleName(tr("Number"));
    m_numberBox->setToolTip(tr("What the heat table and the distributions are of"));
    m_numberBox->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_numberChoice = new QWidget;
    auto* choice = new QHBoxLayout(m_numberChoice);
    choice->setContentsMargins(0, 0, 0, 0);
    choice->setSpacing(Theme::instance().px(6));
    choice->addWidget(new Caption(tr("N&umber"), m_numberBox));
    choice->addWidget(m_numberBox);
    m_header->addControl(m_numberChoice);
    const auto add = [this](const QString& text, const char* name, const QString& tip, auto signal) {
        auto* button = named(name, new Button(text));
        button->setToolTip(tip);
        connect(button, &Button::clicked, this, signal);
        m_header->addControl(button);
        return button;
    };
    add(tr("New sweep\u2026"), "sweeps.header.new", tr("Choose keys and values, and train every combination"), &SweepsPage::newWanted);
    add(tr("Open\u2026"), "sweeps.header.open", tr("Open a grid, or the results of a sweep"), &SweepsPage::openWanted);
    m_report = add(tr("Report\u2026"), "sweeps.header.report",
                   tr("Write means, findings, curves and maps of all its runs as a page (HTML or PDF)"), &SweepsPage::reportWanted);
    m_header->addControl(makeExportButton());
}

QWidget* SweepsPage::makeEmpty() {
    auto* whole = new QWidget;
    auto* column = new QVBoxLayout(whole);
    m_empty = named(
        "sweeps.empty",
        new EmptyState(tr("No sweep is open"),
                       tr("A sweep trains one experiment with every combination of the values you choose, and compares what came of it."),
                       tr("New sweep\u2026")));
    column->addStretch(2);
    column->addWidget(m_empty);
    m_recent = new QVBoxLayout;
    column->addLayout(m_recent);
    for (const FinishedResult& result : finishedResults()) {
        const Sweep sweep = gridOf(result);
        const QString name = QString::fromUtf8(result.name.data(), std::ssize(result.name));
        auto* button = named(QStringLiteral("sweeps.empty.finished.%1").arg(name),
                             new Button(tr("Open a finished one: %1").arg(dataText(DataFiles::sweeps, sweep.name))));
        const QString about =
            dataText(DataFiles::sweeps, sweep.about) + QLatin1Char(' ') + tr("It was %1.").arg(shown(Message(madeBy(result))));
        setHelp(*button, QStringLiteral("<p>%1</p>").arg(about.toHtmlEscaped()));
        connect(button, &Button::clicked, this, [this, name] { emit finishedWanted(name); });
        column->addWidget(button, 0, Qt::AlignHCenter);
    }
    column->addStretch(3);
    connect(m_empty, &EmptyState::activated, this, &SweepsPage::newWanted);
    return whole;
}

void SweepsPage::setRecent(const QStringList& paths) {
    while (QLayoutItem* item = m_recent->takeAt(0)) {
        if (item->widget()) item->widget()->deleteLater();
        delete item;
    }
    for (const QString& path : paths) {
        auto* button = named(QStringLiteral("sweeps.empty.recent_%1").arg(m_recent->count() + 1),
                             new Button(tr("Open again: %1").arg(QFileInfo(path).fileName())));
        button->setToolTip(path);
        connect(button, &Button::clicked, this, [this, path] { emit recentWanted(path); });
        m_recent->addWidget(button, 0, Qt::AlignHCenter);
    }
}

QWidget* SweepsPage::makeContent() {
    auto* whole = new QWidget;
    auto* column = new QVBoxLayout(whole);
    column->setContentsMargins(0, 0, 0, 0);
    m_watchPanel = new PanelFrame(tr("Progress"));
    m_watchPanel->setDense(true);
    m_watchPanel->setOnScreen(false);
    m_watch = named("sweeps.progress", new WatchView(*m_book));
    m_watchPanel->setContent(m_watch);
    m_watchPanel->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    column->addWidget(m_watchPanel);
    auto* row = new QHBoxLayout;
    row->addWidget(makeTablePanel(), 11);
    auto* plots = new QVBoxLayout;
    plots->addWidget(makeHeatPanel(), 1);
    plots->addWidget(makeDistributionPanel(), 1);
    row->addLayout(plots, 9);
    column->addLayout(row, 1);
    whole->setObjectName(QStringLiteral("sweep content"));
    return whole;
}

PanelFrame* SweepsPage::makeTablePanel() {
    m_tablePanel = new PanelFrame(tr("Runs"));
    m_tablePanel->setDense(true);
    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_filter = named("sweeps.filter", new FilterBar);
    m_table = named("sweeps.runs.table", new SweepTable);
    column->addWidget(m_filter);
    column->addWidget(m_table, 1);
    m_tablePanel->setContent(inside);
    return m_tablePanel;
}

QComboBox* SweepsPage::keyBox(const QString& name, const QString& toolTip) {
    auto* box = new QComboBox;
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    box->setAccessibleName(name);
    box->setToolTip(toolTip);
    connect(box, &QComboBox::currentIndexChanged, this, [this] {
        m_viewsDue = true;
        scheduleRefresh();
    });
    return box;
}

PanelFrame* SweepsPage::makeHeatPanel() {
    m_heatPanel = new PanelFrame(tr("Means"));
    m_heatPanel->setDense(true);
    m_heatRow = named("sweeps.means.rows", keyBox(tr("Rows"), tr("The key whose values are the rows")));
    m_heatColumn = named("sweeps.means.columns", keyBox(tr("Columns"), tr("The key whose values are the columns")));
    m_heatPanel->addControl(m_heatRow);
    m_heatPanel->addControl(m_heatColumn);
    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_heat = named("sweeps.means.table", new Map(MapForm::table(), HeatScene().name()));
    m_heat->setTip(tr("Click or Enter: only these runs."));
    m_scale = new ColorScaleBar;
    column->addWidget(sweepsPageScrolled(m_heat), 1);
    column->addWidget(m_scale);
    m_heatPanel->setContent(inside);
    return m_heatPanel;
}

PanelFrame* SweepsPage::makeDistributionPanel() {
    m_distributionPanel = new PanelFrame(tr("Distribution"));
    m_distributionPanel->setDense(true);
    m_distributionPanel->setSubtitle(tr("line median, diamond mean, band middle half"));
    m_distributionKey = named("sweeps.distribution.by", keyBox(tr("By"), tr("The key whose values are set apart")));
    m_distributionPanel->addControl(m_distributionKey);
    m_distribution = named("sweeps.distribution.plot", new DistributionView);
    m_distributionPanel->setContent(sweepsPageScrolled(m_distribution));
    return m_distributionPanel;
}

void SweepsPage::connectParts() {
    connect(m_book, &SweepBook::contentsChanged, this, &SweepsPage::takeContents);
    connect(m_book, &SweepBook::stateChanged, this, [this] { scheduleRefresh(); });
    connect(m_book, &SweepBook::progressed, this, [this] { scheduleRefresh(); });
    connect(m_filter, &FilterBar::changed, this, [this] {
        m_viewsDue = true;
        scheduleRefresh();
    });
    connect(m_numberBox, &QComboBox::currentIndexChanged, this, [this] { setNumber(m_numberBox->currentData().toString().toStdString()); });
    connect(m_table, &SweepTable::rowChosen, this, &SweepsPage::choosePlace);
    connect(m_table, &SweepTable::rowOpened, this, &SweepsPage::openPlace);
    connect(m_distribution, &DistributionView::rowChosen, this, &SweepsPage::choosePlace);
    connect(m_distribution, &DistributionView::rowOpened, this, &SweepsPage::openPlace);
    connect(m_heat, &Map::activated, this, &SweepsPage::filterToCell);
    connect(m_heat, &Map::hovered, this, [this](int row, int column) { m_scale->setNeedle(m_heatScene.meanShown({row, column})); });
    connect(m_watch, &WatchView::stopWanted, m_book, &SweepBook::cancel);
    connect(m_watch, &WatchView::resumeWanted, m_book, &SweepBook::resume);
}

void SweepsPage::applyMeasures() {
    const Theme& theme = Theme::instance();
    const int eight = theme.px(sweepsPageMargin);
    layout()->setContentsMargins(eight, 0, eight, eight);
    layout()->setSpacing(0);
    QWidget* content = m_stack->widget(1);
    content->layout()->setSpacing(eight);
    auto* row = static_cast<QHBoxLayout*>(content->layout()->itemAt(1)->layout());
    row->setSpacing(eight);
    row->itemAt(1)->layout()->setSpacing(eight);
    m_recent->setSpacing(eight);
    m_tablePanel->setMinimumWidth(theme.px(sweepsPageLeastTable));
    for (QWidget* panel : {m_heatPanel, m_distributionPanel}) panel->setMinimumWidth(theme.px(leastPlots));
    for (QComboBox* box : {m_heatRow, m_heatColumn, m_distributionKey}) box->setFixedHeight(theme.px(20));
    m_numberBox->setFixedHeight(theme.px(24));
}

std::shared_ptr<const SweepRows> SweepsPage::rows() const {
    return m_shown ? std::shared_ptr<const SweepRows>(m_shown, &m_shown->rows) : nullptr;
}

QString SweepsPage::sweepName() const {
    const auto& contents = m_book->contents();
    if (contents && contents->sweep && !contents->sweep->name.empty()) return QString::fromStdString(contents->sweep->name);
    return QString::fromStdString(utf8Text(m_book->csv().filename()));
}

/// Where there is room the table gets what its columns need.
void SweepsPage::resizeEvent(QResizeEvent* event) {
    Page::resizeEvent(event);
    auto* row = static_cast<QHBoxLayout*>(m_stack->widget(1)->layout()->itemAt(1)->layout());
    row->setStretch(0, width() >= Theme::instance().px(wide) ? 13 : 11);
}

/// Rows came, or another file: places in the rows before it mean nothing any more.
void SweepsPage::takeContents() {
    const bool otherKeys = !m_taken || m_taken->rows.table.keys != m_book->contents()->rows.table.keys;
    m_taken = m_book->contents();
    m_filter->setRows(m_taken->rows);
    if (otherKeys) fillBoxes();
    fillNumbers();
    m_viewsDue = true;
    scheduleRefresh();
}

void SweepsPage::fillBoxes() {
    m_keys = m_taken->rows.table.keys;
    const std::vector<std::string> names = shortNames(m_keys);
    for (QComboBox* box : {m_heatRow, m_heatColumn, m_distributionKey}) {
        const QSignalBlocker quiet(box);
        box->clear();
        if (box != m_heatRow) box->addItem(box == m_heatColumn ? tr("no columns") : tr("all together"), -1);
        for (std::size_t k = 0; k < names.size(); ++k) box->addItem(QString::fromStdString(names[k]), static_cast<int>(k));
    }
    const auto [row, column] = tellingKeys(m_taken->rows.table);
    choose(*m_heatRow, row);
    choose(*m_heatColumn, column);
    const bool columnIsSeed = column && m_keys[*column].ends_with("seed");
    choose(*m_distributionKey, column && !columnIsSeed ? column : row);
}

/// Only numbers that some run has can be chosen.
void SweepsPage::fillNumbers() {
    const ResultsTable& table = m_taken->rows.table;
    const QSignalBlocker quiet(m_numberBox);
    const bool first = m_numberBox->count() == 0;
    m_numberBox->clear();
    for (std::size_t c = table.keys.size(); c < columnCount(table); ++c) {
        const bool any = std::ranges::any_of(table.rows, [&](const ResultsRow& row) { return cellNumber(table, row, {c}).has_value(); });
        if (any || table.rows.empty()) m_numberBox->addItem(resultNumber(table, {c}).title, QString::fromStdString(columnName(table, {c})));
    }
    const QString wanted = QString::fromStdString(m_number);
    if (first || m_numberBox->findData(wanted) < 0) m_number = tellingColumn(table);
    m_numberBox->setCurrentIndex(std::max(m_numberBox->findData(QString::fromStdString(m_number)), 0));
}

void SweepsPage::setNumber(const std::string& name) {
    m_number = name;
    const QSignalBlocker quiet(m_numberBox);
    m_numberBox->setCurrentIndex(m_numberBox->findData(QString::fromStdString(name)));
    m_viewsDue = true;
    scheduleRefresh();
}

void SweepsPage::setHeatKeys(std::size_t row, std::optional<std::size_t> column) {
    choose(*m_heatRow, row);
    choose(*m_heatColumn, column);
    m_viewsDue = true;
    scheduleRefresh();
}

void SweepsPage::setDistributionKey(std::optional<std::size_t> key) {
    choose(*m_distributionKey, key);
    m_viewsDue = true;
    scheduleRefresh();
}

void SweepsPage::choosePlace(std::size_t place) {
    m_table->setChosen(place);
    m_distribution->setChosen(place);
}

void SweepsPage::openPlace(std::size_t place) {
    if (!m_shown || place >= m_shown->rows.table.rows.size()) return;
    const int run = m_shown->rows.runs.empty() ? -1 : m_shown->rows.runs[place];
    emit runWanted(m_shown->csv, run, rowTitle(m_shown->rows, place));
}

void SweepsPage::openChosen() {
    if (const auto place = m_table->chosen()) openPlace(*place);
}

void SweepsPage::filterToCell(int row, int column) {
    const HeatTable& table = m_heatScene.table;
    const std::string rowValue = table.rows[static_cast<std::size_t>(row)], columnValue = table.columns[static_cast<std::size_t>(column)];
    const auto rowKey = keyOf(*m_heatRow), columnKey = keyOf(*m_heatColumn);
    if (rowKey) m_filter->choose(*rowKey, {rowValue});
    if (columnKey && columnKey != rowKey) m_filter->choose(*columnKey, {columnValue});
    m_cell.clear();
    if (rowKey && m_filter->chooses(*rowKey, {rowValue})) m_cell[*rowKey] = rowValue;
    if (columnKey && m_filter->chooses(*columnKey, {columnValue})) m_cell[*columnKey] = columnValue;
    m_viewsDue = true;
    scheduleRefresh();
}

/// While only the rows of a clicked cell are looked at, its table shows what they stand among.
std::set<std::size_t> SweepsPage::keysOfCell() const {
    std::set<std::size_t> keys;
    for (const auto& [key, value] : m_cell)
        if (m_filter->chooses(key, {value})) keys.insert(key);
    return keys.size() == m_cell.size() ? keys : std::set<std::size_t>();
}

/// In the heat table; none while a hand filters otherwise.
MapCell SweepsPage::framedCell() const {
    if (keysOfCell().empty()) return {};
    const auto placeOf = [this](std::optional<std::size_t> key, const std::vector<std::string>& values) {
        const auto chosen = key ? m_cell.find(*key) : m_cell.end();
        if (chosen == m_cell.end()) return values.size() == 1 ? 0 : -1;
        const auto found = std::ranges::find(values, chosen->second);
        return found == values.end() ? -1 : static_cast<int>(found - values.begin());
    };
    const HeatTable& table = m_heatScene.table;
    const MapCell cell{placeOf(keyOf(*m_heatRow), table.rows), placeOf(keyOf(*m_heatColumn), table.columns)};
    return cell.valid() ? cell : MapCell();
}

bool SweepsPage::escape() {
    if (m_filter->words().isEmpty() && m_filter->problem().isEmpty()) return false;
    m_filter->clear();
    return true;
}

void SweepsPage::refresh() {
    const int shown = m_taken || m_book->isBusy() ? 1 : 0;
    if (shown != m_stack->currentIndex()) {
        m_stack->setCurrentIndex(shown);
        // Else the keyboard would fall to the filter, where Space does not train.
        if (shown == 1) m_table->setFocus();
    }
    m_watch->refresh();
    // A finished sweep needs no more than a sentence.
    const bool finished = m_book->state() == SweepBook::State::still && m_taken && m_taken->runsLeft() == 0;
    m_watchPanel->setVisible(!finished);
    m_tablePanel->setSubtitle(finished ? m_watch->sentence() : QString());
    refreshHeader();
    if (m_viewsDue) refreshViews();
}

void SweepsPage::refreshHeader() {
    const bool open = m_taken || m_book->isBusy();
    const QString path = QString::fromStdString(utf8Text(m_book->csv()));
    const FinishedResult* finished = m_taken ? finishedResultOf(m_taken->csv) : nullptr;
    const QString detail = finished ? tr("comes with the program, %1").arg(shown(Message(madeBy(*finished)))) : path;
    m_header->setText(open ? sweepName() : tr("Sweeps"), open ? detail : QString());
    m_report->setEnabled(m_taken && !m_taken->rows.table.rows.empty());
    m_numberChoice->setVisible(m_taken != nullptr);
}

void SweepsPage::refreshViews() {
    m_viewsDue = false;
    m_shown = m_taken;
    const auto shown = rows();
    if (!shown) return;
    const RowPlaces places = rowsThatPass(*shown, m_filter->filter());
    m_table->setRows(shown, places);
    const auto all = shown->table.rows.size();
    m_filter->setCount(places.size() == all ? counted(LAB_PLURAL("sweeps", "%n row(s)"), std::ssize(shown->table.rows))
                                            : counted(LAB_PLURAL("sweeps", "%1 of %n row(s)"), std::ssize(shown->table.rows),
                                                      {QString::number(places.size())}));
    const std::vector<std::string> names = shortNames(m_keys);
    const auto nameOf = [&](std::optional<std::size_t> key) { return key ? QString::fromStdString(names[*key]) : QString(); };
    ResultColumn column;
    for (std::size_t c = shown->table.keys.size(); c < columnCount(shown->table); ++c)
        if (columnName(shown->table, {c}) == m_number) column = {c};

    HeatScene heat;
    const auto rowKey = keyOf(*m_heatRow);
    auto columnKey = keyOf(*m_heatColumn);
    if (columnKey == rowKey) columnKey = std::nullopt;
    heat.number = resultNumber(shown->table, column);
    heat.rowName = nameOf(rowKey);
    heat.columnName = nameOf(columnKey);
    const std::set<std::size_t> ofCell = keysOfCell();
    const RowPlaces around = ofCell.empty() ? places : rowsThatPass(*shown, m_filter->filterBut(ofCell));
    heat.table = heatTable(*shown, around, rowKey.value_or(0), columnKey, column);
    heat.scaling = roundScaling(heat.table.low * heat.number.factor, heat.table.high * heat.number.factor, heat.number.most);
    m_heatPanel->setSubtitle(heat.countSentence());
    m_scale->setScaling(heat.scaling);
    m_scale->setQuantity(heat.number.title);
    m_scale->setVisible(std::ranges::any_of(heat.table.cells, [](const RowGroup& cell) { return cell.mean.has_value(); }));
    const QString nothing = m_book->isBusy() && shown->table.rows.empty() ? tr("Rows come as runs end") : tr("No runs to show");
    m_heat->setEmptyText(nothing);
    m_distribution->setEmptyText(nothing);
    m_heatScene = std::move(heat);
    m_heat->setSubject(m_heatScene.name());
    MapContent content = m_heatScene.content();
    content.framed = framedCell();
    m_heat->setContent(content, [scene = m_heatScene](MapCell cell) {
        return scene.describe(static_cast<std::size_t>(cell.row), static_cast<std::size_t>(cell.column));
    });

    DistributionScene scene;
    const auto key = keyOf(*m_distributionKey);
    scene.number = resultNumber(shown->table, column);
    scene.keyName = nameOf(key);
    scene.groups = lab::distribution(*shown, places, key, column);
    fitAxis(scene);
    m_distribution->setScene(std::move(scene));
    m_distribution->setChosen(m_table->chosen());
}

std::vector<FigureOffer> SweepsPage::figures() {
    std::vector<FigureOffer> offers;
    if (!m_shown || m_shown->rows.table.rows.empty()) return offers;
    const QString name = sweepName(), stem = fileNameOf(name), words = m_filter->words();
    const auto add = [&](const QString& title, const QString& file, std::function<std::unique_ptr<Figure>()> make) {
        FigureOffer offer{title, stem + QLatin1Char('-') + file, std::move(make)};
        offer.still = true;
        offers.push_back(std::move(offer));
    };
    if (!m_heatScene.empty())
        add(tr("Means by two keys"), QStringLiteral("means"),
            [scene = m_heatScene, name, around = m_filter->words(keysOfCell())] { return heatFigure(scene, name, around); });
    if (!m_distribution->scene().empty())
        add(tr("Distribution"), QStringLiteral("distribution"),
            [scene = m_distribution->scene(), shown = rows(), name, words] { return distributionFigure(scene, *shown, name, words); });
    add(tr("Rows of the table"), QStringLiteral("rows"),
        [table = TableFigure(*m_table, mostPictured), count = std::ssize(m_table->places()), name, words] {
            auto figure = std::make_unique<TableFigure>(table);
            figure->title = name;
            figure->caption = words.isEmpty() ? counted(LAB_PLURAL("sweeps", "%n run(s)."), count)
                                              : counted(LAB_PLURAL("sweeps", "%n run(s) with %1."), count, {words});
            return figure;
        });
    return offers;
}

}  // namespace lab
