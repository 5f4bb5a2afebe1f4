#include "ui/pages/memory/recall_tab.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QMimeData>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "ui/pages/memory/capacity_panel.h"
#include "ui/pages/memory/field_panel.h"
#include "ui/pages/memory/paragraph.h"
#include "ui/pages/memory/pattern_edits.h"
#include "ui/pages/memory/patterns_panel.h"
#include "ui/pages/memory/recall_figure.h"
#include "ui/pages/memory/recall_panel.h"
#include "ui/pages/memory/recall_table.h"
#include "ui/pages/memory/recall_timeline.h"
#include "ui/pages/memory/recall_transport.h"
#include "ui/pages/memory/weights_panel.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/column.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/named.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int rowGap = 4;            // logical px at 100 %
constexpr int patternsWidth = 256;  // logical px at 100 %
constexpr int columnShares[] = {0, 5, 3}, lowerShares[] = {6, 8, 11};
constexpr int rowShares[] = {13, 10};

QStringList localPaths(const QMimeData& data) {
    QStringList paths;
    for (const QUrl& url : data.urls())
        if (url.isLocalFile() && isPatternFile(url.toLocalFile())) paths << url.toLocalFile();
    return paths;
}

}  // namespace

RecallTab::RecallTab(Focus& focus, MemoryState& state, QWidget* parent) : MemoryTab(focus, state, parent) {
    setAcceptDrops(true);
    makePanels();
    m_grid = new QGridLayout(this);
    keepSpacing(m_grid, QMargins(), panelGap);
    arrange();
    connect(&m_clock, &RecallClock::changed, this, &RecallTab::showUpdate);
    connect(m_recall, &RecallPanel::updateChosen, &m_clock, &RecallClock::show);
    connect(m_recall, &RecallPanel::synchronousChosen, this,
            [this](bool all) { set([all](MemoryValue& value) { value.synchronous = all; }); });
    connect(m_field, &FieldPanel::pixelHeld, m_weights, &WeightsPanel::showPixel);
    connect(&m_weights->map(), &Map::selected, this, [this](int row, int) { m_field->hold(row); });
    connect(m_table, &DataTable::rowChosen, this, [this](std::size_t row) {
        if (static_cast<int>(row) != this->state().value().chosen)
            this->state().ask(withAsked(this->state().value(), static_cast<int>(row)), tr("Another pattern"));
    });
    connect(m_table, &RecallTable::counted, this, &PageTab::changed);
}

void RecallTab::makePanels() {
    m_patterns = new PatternsPanel(state(), this);
    m_recall = new RecallPanel(this);
    m_weights = new WeightsPanel(this);
    m_capacity = new CapacityPanel(this);
    m_field = new FieldPanel(this);
    m_tablePanel = new PanelFrame(tr("Every pattern, every rule"), this);
    m_tablePanel->setContent(makeTable());
}

QWidget* RecallTab::makeTable() {
    auto* body = new QWidget;
    QVBoxLayout* rows = column(body);
    m_table = named("memory.recall.table", new RecallTable);
    rows->addWidget(m_table, 1);
    auto* words = new QWidget;
    QVBoxLayout* lines = column(words);
    keepSpacing(lines, QMargins(panelGap, rowGap, panelGap, rowGap), rowGap);
    m_outcome = new Paragraph(3, TextSize::axis);
    lines->addWidget(m_outcome);
    lines->addWidget(makeWhy());
    rows->addWidget(words);
    return body;
}

/// Why a memory stands in a laboratory of attention.
QWidget* RecallTab::makeWhy() {
    auto* why = new QWidget;
    auto* row = new QHBoxLayout(why);
    keepSpacing(row, QMargins(), rowGap);
    auto* words = new Paragraph(3, TextSize::caption, Role::muted);
    words->setText(
        tr("Attention can be read as a memory: keys are stored patterns, the query is the state. With \u03B2 = 1/\u221A"
           "d\u2095, and no "
           "mask or "
           "bias, one update of the modern net gives the weights of softmax attention (Ramsauer et al. 2020)."));
    row->addWidget(words, 1);
    const auto link = [&](const char* name, const QString& text, const QString& help, const char* stage) {
        auto* button = named(name, new Button(text));
        button->setHeight(20);
        button->setToolTip(help);
        connect(button, &Button::clicked, this,
                [this, stage] { emit placeWanted({.page = QStringLiteral("memory"), .stage = QString::fromLatin1(stage)}); });
        row->addWidget(button, 0, Qt::AlignBottom);
    };
    link("memory.recall.modern", tr("Modern"), tr("The modern net on these patterns, step by step"), "modern");
    link("memory.recall.attention", tr("Attention"), tr("The keys of a head of the model as stored patterns, checked against its weights"),
         "attention");
    return why;
}

void RecallTab::arrange() {
    m_patterns->setMinimumWidth(0);
    m_grid->addWidget(m_patterns, 0, 0);
    m_grid->addWidget(m_recall, 0, 1);
    m_grid->addWidget(m_weights, 0, 2);
    auto* lower = new QGridLayout;
    m_grid->addLayout(lower, 1, 0, 1, 3);
    keepSpacing(lower, QMargins(), panelGap);
    lower->addWidget(m_capacity, 0, 0);
    lower->addWidget(m_field, 0, 1);
    lower->addWidget(m_tablePanel, 0, 2);
    for (int column = 0; column < 3; ++column) lower->setColumnStretch(column, lowerShares[column]);
    for (int column = 0; column < 3; ++column) m_grid->setColumnStretch(column, columnShares[column]);
    for (int row = 0; row < 2; ++row) m_grid->setRowStretch(row, rowShares[row]);
    followTheme(this, [this] { m_patterns->setFixedWidth(Theme::instance().px(patternsWidth)); });
}

TabHeading RecallTab::heading() const {
    const MemoryValue& value = state().value();
    const std::int64_t pixels = value.query.pixels();
    const std::int64_t weights = pixels * (storageRule(value.rule).diagonal ? pixels + 1 : pixels - 1) / 2;  // symmetric
    return {tr("Hopfield memory"), tr("%1 pixels \u00B7 %2 patterns \u00B7 %3 different weights")
                                       .arg(grouped(pixels), grouped(std::ssize(value.patterns)), grouped(weights))};
}

QWidget* RecallTab::controls() {
    if (m_rule) return m_rule;
    QStringList titles;
    for (const StorageRule* rule : storageRules()) titles << ruleBrief(std::string(rule->name));
    m_rule = named("memory.recall.rule", new SegmentedControl(titles, tr("Rule")));
    for (std::size_t i = 0; i < storageRules().size(); ++i)
        m_rule->setChoiceToolTip(static_cast<int>(i), ruleHelp(std::string(storageRules()[i]->name)));
    connect(m_rule, &SegmentedControl::chosen, this, [this](int index) {
        set([index](MemoryValue& value) { value.rule = storageRules()[static_cast<std::size_t>(index)]->name; });
    });
    return m_rule;
}

void RecallTab::set(const std::function<void(MemoryValue&)>& change) {
    MemoryValue value = state().value();
    change(value);
    state().set(std::move(value));
}

void RecallTab::refresh() {
    const MemoryValue& value = state().value();
    if (m_rule)
        for (std::size_t i = 0; i < storageRules().size(); ++i)
            if (storageRules()[i]->name == value.rule) m_rule->setCurrent(static_cast<int>(i));
    m_capacity->setValue(value);
    m_table->setValue(value);
    m_tablePanel->setSubtitle(tr("%1 % flipped, wrong of %2").arg(value.noise).arg(value.query.pixels()));
    ask();
}

/// β is nothing to this tab.
void RecallTab::ask() {
    MemoryValue value = state().value();
    value.beta = m_asked.beta;
    if (m_everAsked && value == m_asked) return;
    m_everAsked = true;
    m_asked = value;
    m_pending = true;
    m_task.request(
        [this, value, before = m_study]() -> LatestTask::Found {
            RecallStudyPtr study = studyOf(value, before);
            return [this, study = std::move(study)] { takeStudy(study); };
        },
        [this](const QString& message) { takeStudy(nullptr, message); });
}

void RecallTab::takeStudy(RecallStudyPtr study, const QString& failure) {
    m_pending = false;
    m_failure = failure;
    m_study = std::move(study);
    m_weights->setStudy(m_study);
    if (m_transport) m_transport->setStudy(m_study);
    if (m_timeline) m_timeline->setStudy(m_study);
    m_clock.restart(m_study ? m_study->updates() : 0);
    if (m_wantedUpdate >= 0) m_clock.show(std::exchange(m_wantedUpdate, -1));
    emit changed();
}

void RecallTab::showUpdate() {
    const int shown = m_clock.shown();
    m_recall->setStudy(m_study, shown);
    m_field->setStudy(m_study, shown);
    m_outcome->setText(outcome());
}

QString RecallTab::outcome() const {
    if (!m_study) return m_failure.isEmpty() ? tr("Nothing is stored: add a pattern on the left.") : m_failure;
    if (m_clock.atEnd()) return outcomeText(*m_study);
    const QString name = QString::fromStdString(m_study->chosen().name);
    const int wrong = m_study->wrongAfter(m_clock.shown());
    return m_clock.shown() == 0
               ? counted(LAB_PLURAL("memory", "The query is %1 with %n wrong pixel(s). Press Recall: will the net recall %1?"), wrong,
                         {name})
               : counted(LAB_PLURAL("memory", "Update %1: %n wrong pixel(s), compared with %2."), wrong,
                         {QString::number(m_clock.shown()), name});
}

bool RecallTab::ready() const {
    return m_everAsked && !m_pending && m_table->ready();
}

bool RecallTab::escape() {
    return m_capacity->cancel() || m_field->release();
}

OwnBars RecallTab::ownBars() {
    if (!m_transport) {
        m_transport = new RecallTransport(m_clock);
        m_transport->setStudy(m_study);
        m_timeline = new RecallTimeline(m_clock);
        m_timeline->setStudy(m_study);
    }
    return {m_transport,
            nullptr,
            m_timeline,
            {{QStringLiteral("train.toggle"), tr("Recall or pause"), [this] { m_clock.toggle(); }},
             {QStringLiteral("train.step"), tr("One update"), [this] { m_clock.step(); }},
             {QStringLiteral("train.reset"), tr("Back to the query"), [this] { m_clock.reset(); }},
             {QStringLiteral("time.play"), tr("Run through the updates"), [this] { m_clock.toggle(); }}}};
}

std::vector<FigureOffer> RecallTab::figures() {
    std::vector<FigureOffer> offers = m_recall->figures();
    const auto add = [this, &offers](std::vector<FigureOffer> more) {
        for (FigureOffer& each : more) {
            each.still = true;
            each.subject = memorySubject(state().value()).run;
            offers.push_back(std::move(each));
        }
    };
    const FigureSubject subject = memorySubject(state().value());
    add(m_field->figures());
    add(partOffers(*m_weights, subject));
    add(partOffers(*m_capacity, subject));
    if (!state().value().patterns.empty())
        add({tableOffer(tr("Wrong pixels by rule"), *m_table, tr("Wrong pixels of every pattern by rule"), subject)});
    return offers;
}

QJsonObject RecallTab::notes() const {
    const int update = m_wantedUpdate >= 0 ? m_wantedUpdate : m_clock.shown();
    if (update == 0) return {};
    return {{QStringLiteral("update"), update}};
}

void RecallTab::takeNotes(const QJsonObject& notes) {
    m_wantedUpdate = notes[QStringLiteral("update")].toInt(-1);
    MemoryValue value = state().value();
    value.beta = m_asked.beta;
    const bool isThere = m_everAsked && !m_pending && value == m_asked;
    if (m_wantedUpdate >= 0 && isThere) m_clock.show(std::exchange(m_wantedUpdate, -1));
}

void RecallTab::dragEnterEvent(QDragEnterEvent* event) {
    if (!localPaths(*event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void RecallTab::dropEvent(QDropEvent* event) {
    event->acceptProposedAction();
    m_patterns->open(localPaths(*event->mimeData()));
}

/// Nobody watches any more.
void RecallTab::hideEvent(QHideEvent* event) {
    MemoryTab::hideEvent(event);
    if (!event->spontaneous()) m_clock.pause();
}

MemoryTab* makeRecallTab(Focus& focus, MemoryState& state, QWidget* parent) {
    return new RecallTab(focus, state, parent);
}

}  // namespace lab
