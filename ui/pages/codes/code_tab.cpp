#include "ui/pages/codes/code_tab.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "core/config/experiment.h"
#include "ui/pages/codes/decode_panel.h"
#include "ui/pages/codes/exact_panel.h"
#include "ui/pages/codes/factor_columns.h"
#include "ui/pages/codes/goedel_figures.h"
#include "ui/pages/codes/learned_panel.h"
#include "ui/pages/codes/problem_strip.h"
#include "ui/pages/codes/sequence_row.h"
#include "ui/text/message_text.h"
#include "ui/widgets/column.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/spacing.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int codeGap = 8, exactHeight = 246, leastDecode = 160;
constexpr int exactShare = 642, decodeShare = 174, bitsShare = 332;
const QString learnedKey = QStringLiteral("learned");

}  // namespace

CodeTab::CodeTab(Focus& focus, Workspace& workspace, CodesState& state, QWidget* parent) : PageTab(focus, parent), m_state(state) {
    m_sequence = new SequenceRow(QStringLiteral("codes.exact"), state, true);
    m_learned = new LearnedPanel(focus, workspace, this);
    m_problem = new ProblemStrip(this);
    auto* lines = column(this);
    lines->addWidget(makeExact());
    lines->addWidget(m_learned, 1);
    keepSpacing(lines, codeGap);
    connect(&m_state, &CodesState::changed, this, &PageTab::refreshWanted);
    connect(m_learned, &PageTab::changed, this, &PageTab::changed);
    connect(m_learned, &PageTab::refreshWanted, this, &PageTab::refreshWanted);
    connect(m_learned, &PageTab::placeWanted, this, &PageTab::placeWanted);
    connect(m_learned, &PageTab::settingWanted, this, &PageTab::settingWanted);
    connect(m_learned, &PageTab::textWanted, this, &PageTab::textWanted);
    followTheme(this, &CodeTab::applyMeasures);
    ask();
}

QWidget* CodeTab::makeExact() {
    m_above = new QWidget(this);
    m_across = new QHBoxLayout(m_above);
    m_exact = new ExactPanel(m_above);
    m_decode = new DecodePanel(m_above);
    m_bits = new BitsPanel(m_above);
    m_across->addWidget(m_exact, exactShare);
    m_across->addWidget(m_decode, decodeShare);
    m_across->addWidget(m_bits, bitsShare);
    keepSpacing(m_across, {0, 0, 0, 0}, codeGap);
    for (QWidget* part : std::initializer_list<QWidget*>{m_exact, m_decode, m_bits})
        part->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
    connect(m_exact, &ExactPanel::columnChosen, &m_state, &CodesState::setColumn);
    connect(m_decode, &DecodePanel::columnChosen, &m_state, &CodesState::setColumn);
    connect(m_exact, &ExactPanel::heightChanged, this, &CodeTab::applyMeasures);
    return m_above;
}

/// As high as in the picture of the page, and higher where the number needs more lines.
void CodeTab::applyMeasures() {
    m_above->setFixedHeight(std::max(Theme::instance().px(exactHeight), m_exact->neededHeight()));
    for (QWidget* part : std::initializer_list<QWidget*>{m_exact, m_decode, m_bits}) part->setMinimumWidth(part->minimumSizeHint().width());
    m_decode->setMinimumWidth(Theme::instance().px(leastDecode));
}

TabHeading CodeTab::heading() const {
    return {tr("Codes"), tr("exact, and learned")};
}

QWidget* CodeTab::controls() {
    return m_sequence;
}

std::optional<TrainedRoom> CodeTab::trained() const {
    const Run* run = focus().run();
    if (!run || !run->experiment().model.hasBottleneck()) return std::nullopt;
    const BottleneckShape shape = run->experiment().model.bottleneck.shape();
    return TrainedRoom{shape.slotCount, shape.codes, bitsOf(shape)};
}

void CodeTab::refresh() {
    ask();
    m_learned->refresh();
}

/// What takes no longer than a frame is worked out at once; while other work is under way, the rest is there.
void CodeTab::ask() {
    if (!m_study || !(m_study->of == m_state.sequence())) {
        m_task.cancel();
        const GoedelStudyPtr outline = outlined(m_state.sequence());
        m_study = isSmall(*outline) ? worked(*outline, {}) : outline;
        if (!m_study->worked)
            m_task.request([this, outline](const LatestTask::Wanted& wanted) -> LatestTask::Found {
                return [this, study = worked(*outline, [&wanted] { return !wanted(); })] { take(study); };
            });
    }
    showStudy();
}

void CodeTab::take(GoedelStudyPtr study) {
    m_study = std::move(study);
    showStudy();
    emit changed();
}

/// News of a training change nothing here.
void CodeTab::showStudy() {
    const std::size_t column = m_state.value().column;
    const std::optional<TrainedRoom> room = trained();
    const bool others = m_shown != m_study;
    if (others || m_shownColumn != column) {
        m_exact->setStudy(m_study, column);
        m_decode->setStudy(*m_study, column);
    }
    if (others || m_shownRoom != room) m_bits->setStudy(*m_study, room);
    m_shown = m_study;
    m_shownColumn = column;
    m_shownRoom = room;
    m_problem->tell(m_state.problem());
}

QString CodeTab::problem() const {
    return m_problem->sentence();
}

bool CodeTab::ready() const {
    return m_study->worked && m_study->of == m_state.sequence() && m_learned->ready();
}

std::vector<FigureOffer> CodeTab::figures() {
    const FigureSubject subject = goedelSubject(m_study->of);
    std::vector<FigureOffer> offers{numberOffer(m_study)};
    if (m_study->hasNumber())
        offers.push_back(tableOffer(tr("Decode"), m_decode->table(), tr("The number divided by one prime after the other"), subject));
    if (m_study->sizes) offers.push_back(bitsOffer(m_bits->bars().bars(), subject));
    for (FigureOffer& offer : partOffers(*m_bits, subject)) offers.push_back(std::move(offer));
    offers = ofNoRun(std::move(offers), subject);
    for (FigureOffer& offer : m_learned->figures()) offers.push_back(std::move(offer));
    return offers;
}

bool CodeTab::showCell(const QString& cell) {
    if (cell != QLatin1String("sequence")) return cell.isEmpty() || m_learned->showCell(cell);
    m_sequence->focusField();
    return true;
}

bool CodeTab::escape() {
    return m_learned->escape();
}

bool CodeTab::showsWeights() const {
    return m_learned->showsWeights();
}

QJsonObject CodeTab::notes() const {
    QJsonObject notes;
    if (const QJsonObject own = m_learned->notes(); !own.isEmpty()) notes[learnedKey] = own;
    return notes;
}

void CodeTab::takeNotes(const QJsonObject& notes) {
    m_learned->takeNotes(notes[learnedKey].toObject());
}

}  // namespace lab
