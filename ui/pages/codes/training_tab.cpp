#include "ui/pages/codes/training_tab.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QJsonObject>
#include <algorithm>

#include "core/codes/code_sentences.h"
#include "core/config/experiment.h"
#include "ui/pages/codes/course_view.h"
#include "ui/pages/codes/slots_view.h"
#include "ui/pages/codes/training_tables.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/column.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

constexpr int trainingGap = 8;  // logical px at 100 %
constexpr int courseWide = 17, tablesWide = 12, slotsWide = 12;
const QString slotsKey = QStringLiteral("slots");
const QStringList slotsCells{QStringLiteral("look"), QStringLiteral("say")};

}  // namespace

CodesTrainingTab::CodesTrainingTab(Focus& focus, Workspace&, QWidget* parent) : PageTab(focus, parent) {
    auto* lines = column(this);
    m_content = new QWidget(this);
    m_none = new EmptyState({}, {}, tr("Open a preset that has one"), this);
    setControlName(*m_none->button(), QStringLiteral("codes.training.none.open"));
    lines->addWidget(m_content, 1);
    lines->addWidget(m_none, 1);
    makeControls();
    makeTables();
    m_course = new CourseView(m_history);
    m_slots = new SlotsView;
    m_grid = new QGridLayout(m_content);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->addWidget(m_course, 0, 0, 3, 1);
    m_grid->addWidget(m_symbols.panel, 0, 1);
    m_grid->addWidget(m_flips.panel, 1, 1);
    m_grid->addWidget(m_lengths.panel, 2, 1);
    m_grid->addWidget(m_slots, 0, 2, 2, 1);
    m_grid->addWidget(m_order.panel, 2, 2);
    m_grid->setColumnStretch(0, courseWide);
    m_grid->setColumnStretch(1, tablesWide);
    m_grid->setColumnStretch(2, slotsWide);
    for (int row = 0; row < 3; ++row) m_grid->setRowStretch(row, 1);
    m_history.watchWith(*m_course);
    connectParts();
    followTheme(this, &CodesTrainingTab::applyMeasures);
    m_content->hide();
}

void CodesTrainingTab::makeControls() {
    m_controls = new QWidget(this);
    auto* row = new QHBoxLayout(m_controls);
    m_status = new ElidedLabel({}, TextSize::text, Role::muted);
    m_again = named("codes.training.again", new Button(tr("Again")));
    m_again->setWidthFor({tr("Again"), tr("Stop"), tr("Go on")});
    row->addWidget(m_status);
    row->addWidget(m_again);
    keepSpacing(row, {0, 0, 0, 0}, 6);
}

CodesTrainingTab::TablePart CodesTrainingTab::makeTable(const char* id, const QString& title, const std::vector<TrainingColumn>& form) {
    TablePart part{new PanelFrame(title), named(id, new TrainingTable(title, form)), new WrappedText(2, TextSize::caption, Role::muted)};
    part.panel->setDense(true);
    auto* body = new QWidget;
    QVBoxLayout* lines = column(body);
    lines->addWidget(part.table, 1);
    lines->addWidget(part.sentence);
    keepSpacing(lines, {4, 0, 4, 2}, 2);
    part.panel->setContent(body);
    return part;
}

void CodesTrainingTab::makeTables() {
    m_symbols = makeTable("codes.training.symbols", tr("One symbol changed"), symbolForm());
    m_flips = makeTable("codes.training.flips", tr("One slot set to another code"), flipForm());
    m_lengths = makeTable("codes.training.lengths", tr("Sequences of other lengths"), lengthForm());
    m_order = makeTable("codes.training.order", tr("Beside Gödel\u2019s number"), orderForm());
}

void CodesTrainingTab::connectParts() {
    connect(m_none->button(), &QPushButton::clicked, this, [this] {
        Place place;
        place.stage = codePresetStage();
        emit placeWanted(place);
    });
    connect(m_again, &QPushButton::clicked, this, [this] {
        if (escape()) return;
        m_history.goOn();
        m_study.again();
    });
    connect(m_course, &CourseView::stepWanted, this, [this](std::int64_t step) { this->focus().showKeptStep(step); });
    connect(m_slots, &SlotsView::changed, this, &PageTab::changed);
    connect(&m_history, &CodeHistory::changed, this, &PageTab::refreshWanted);
    connect(&m_study, &CodeStudy::changed, this, &PageTab::refreshWanted);
}

void CodesTrainingTab::applyMeasures() {
    m_grid->setSpacing(Theme::instance().px(trainingGap));
}

TabHeading CodesTrainingTab::heading() const {
    if (!m_absence.isEmpty() || !focus().run()) return {tr("A code over training")};
    return {tr("A code over training"), codeShapeWords(focus().run()->experiment().model.bottleneck.shape())};
}

void CodesTrainingTab::showAbsence(const NoCode& none) {
    m_absence = none.sentence;
    m_history.look(nullptr);
    m_study.look(nullptr, nullptr);
    m_none->setTexts(none.sentence, none.help);
    m_content->hide();
    m_none->show();
    m_status->setText({});
    m_again->hide();
    emit changed();
}

void CodesTrainingTab::refresh() {
    if (const auto none = noCode(focus().run())) return showAbsence(*none);
    m_absence.clear();
    m_content->show();
    m_none->hide();
    m_history.look(focus().run());
    m_study.look(focus().run(), focus().checkpoint());
    showCourse();
    showTables();
    showSlots();
    showStatus();
    emit changed();
}

void CodesTrainingTab::showCourse() {
    CourseScene scene;
    scene.step = focus().shownStep();
    scene.room = bitsOf(focus().run()->experiment().model.bottleneck.shape());
    if (const auto& report = m_study.findings().report) scene.needed = report->needed.bits;
    m_course->setScene(scene);
}

QString CodesTrainingTab::waiting() const {
    if (!m_study.error().isEmpty()) return m_study.error();
    return m_study.stale() ? tr("Not measured: press Again") : tr("Measuring");
}

QString CodesTrainingTab::stepWords(std::int64_t step) const {
    return step >= 0 && step != focus().shownStep() ? tr("of step %1").arg(grouped(step)) : QString();
}

/// What was known stays until something newer has come.
template <class T, class Rows, class Sentence>
void CodesTrainingTab::fill(const TablePart& part, const FoundAtStep<T>& found, Rows rows, Sentence sentence) {
    part.panel->setSubtitle(stepWords(found.step));
    part.table->setRows(found ? rows(*found.value) : std::vector<TrainingRow>());
    part.sentence->setText(found ? sentence(*found.value) : found.refused.empty() ? waiting() : shown(found.refused));
}

void CodesTrainingTab::showTables() {
    const CodeFindings& found = m_study.findings();
    fill(m_symbols, found.symbols, symbolRows, [](const auto& symbols) { return shown(codes::symbolSentence(symbols)); });
    fill(m_flips, found.flips, flipRows, [](const auto& flips) { return shown(codes::slotSentence(flips)); });
    fill(m_lengths, found.lengths, lengthRows, [](const auto& lengths) { return shown(codes::lengthSentence(lengths)); });
    fill(m_order, found.order, orderRows, [](const codes::NumberOrder& order) {
        QStringList words;
        for (const Message& message : codes::orderSentences(order)) words << shown(message);
        return sentences(words);
    });
}

void CodesTrainingTab::showSlots() {
    const auto trace = focus().trace();
    const auto& flips = m_study.findings().flips;
    const QStringList tokens = trace ? SequenceWords(*focus().run()).all(*trace, false) : QStringList();
    m_slots->setTrace(trace, tokens);
    m_slots->setFlips(flips.value, flips.refused.empty() ? waiting() : shown(flips.refused));
    m_slots->setSteps(trace ? stepWords(focus().traceStep()) : QString(), stepWords(flips.step));
}

void CodesTrainingTab::showStatus() {
    const bool measuring = m_study.measuring() || m_history.measuring();
    const bool stopped = m_study.stopped() || m_history.stopped();
    const bool offered = stopped || m_study.stale() || !m_study.error().isEmpty() || !m_history.error().isEmpty();
    m_status->setText(m_study.measuring() ? tr("measuring %1").arg(percent(m_study.share(), 0))
                                          : stepWords(m_study.findings().report.step));
    m_again->setVisible(measuring || offered);
    m_again->setText(measuring ? tr("Stop") : stopped ? tr("Go on") : tr("Again"));
    m_again->setToolTip(measuring ? tr("Ends the measuring and keeps what there is (Escape)")
                                  : tr("Measures what is missing of the step shown and of the kept steps"));
}

bool CodesTrainingTab::ready() const {
    return !m_absence.isEmpty() || (m_study.settled() && m_history.settled());
}

/// Both at once.
bool CodesTrainingTab::escape() {
    const bool study = m_study.stop(), history = m_history.stop();
    return study || history;
}

bool CodesTrainingTab::showCell(const QString& cell) {
    if (cell.isEmpty()) return true;
    const qsizetype which = slotsCells.indexOf(cell);
    if (which < 0) return false;
    m_slots->setShows(static_cast<SlotsView::Shows>(which));
    emit changed();
    return true;
}

FigureSubject CodesTrainingTab::subject() const {
    const Run* run = focus().run();
    return {run ? run->name() : QString(), focus().shownStep(), QString(), run ? inputWords(*run, focus().input()) : QString()};
}

std::vector<FigureOffer> CodesTrainingTab::figures() {
    if (!m_absence.isEmpty()) return {};
    std::vector<FigureOffer> offers = partOffers(*this, subject());
    for (const TablePart* part : {&m_symbols, &m_flips, &m_lengths, &m_order})
        if (!part->table->rows().empty()) offers.push_back(tableOffer(part->panel->title(), *part->table, part->panel->title(), subject()));
    return offers;
}

QJsonObject CodesTrainingTab::notes() const {
    QJsonObject notes;
    if (m_slots->shows() != SlotsView::Shows::reads) notes[slotsKey] = static_cast<int>(m_slots->shows());
    return notes;
}

void CodesTrainingTab::takeNotes(const QJsonObject& notes) {
    m_slots->setShows(static_cast<SlotsView::Shows>(std::clamp(notes[slotsKey].toInt(), 0, 1)));
    emit refreshWanted();
}

}  // namespace lab
