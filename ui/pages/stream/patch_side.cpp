#include "ui/pages/stream/patch_side.h"

#include <QVBoxLayout>

#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

constexpr int patchSideWidth = 280, patchSideGap = 8;  // logical px at 100 %

}  // namespace

QString measureName(const Run& run, const PatchQuestion& question) {
    const QString answer = answerName(run, question.answer);
    return question.other < 0 ? PatchSide::tr("p(%1)").arg(answer) : PatchSide::tr("%1 − %2").arg(answer, answerName(run, question.other));
}

QString measureText(const PatchQuestion& question, double value) {
    return question.other < 0 ? fixed(value, 3) : signedFixed(value, 3);
}

PatchSide::PatchSide(QWidget* parent) : QWidget(parent) {
    auto* lines = new QVBoxLayout(this);
    m_card = new PanelFrame;
    m_card->setTinted(true);
    m_numbers = new TextTable(tr("The cell in hand"));
    auto* card = new QWidget;
    auto* cardLines = new QVBoxLayout(card);
    cardLines->addWidget(m_numbers, 1);
    cardLines->addWidget(new ElidedLabel(tr("(patched − before) ÷ (giving − before)"), TextSize::caption, Role::muted));
    keepSpacing(cardLines, {6, 2, 6, 4}, 2);
    m_card->setContent(card);
    auto* readPanel = new PanelFrame(tr("Read it like this"));
    readPanel->setNote(tr("only what cells ≥ 0.3 say"));
    m_read = new WrappedText(3);
    m_read->setGrowing();
    auto* read = new QWidget;
    auto* readLines = new QVBoxLayout(read);
    readLines->addWidget(m_read);
    keepSpacing(readLines, {8, 6, 8, 6}, 0);
    readPanel->setContent(read);
    lines->addWidget(m_card, 1);
    lines->addWidget(readPanel, 1);
    keepSpacing(lines, {0, 0, 0, 0}, patchSideGap);
    followTheme(this, [this] { setFixedWidth(Theme::instance().px(patchSideWidth)); });
}

void PatchSide::showCell(const Run& run, const PatchFound& found, const QString& place, const PatchOutcome* outcome, bool intoClean) {
    m_card->setTitle(outcome ? place : tr("No cell in hand"));
    std::vector<TextTable::Row> rows;
    const auto add = [&](const QString& name, double value) { rows.push_back({{name, measureText(found.question, value)}}); };
    if (outcome) {
        add(tr("clean run"), found.ofClean.measure);
        add(tr("corrupted run"), found.ofCorrupted.measure);
        add(intoClean ? tr("clean, patched here") : tr("corrupted, patched here"), outcome->measure);
        rows.push_back({{tr("recovered"), fixed(outcome->recovered, 3)}, {}, true, true});
    }
    m_numbers->setColumns({tr("run"), found.error.isEmpty() ? measureName(run, found.question) : QString()}, {3, 2});
    m_numbers->setRows(std::move(rows));
}

void PatchSide::showSentence(const QString& sentence) {
    m_read->setText(sentence);
}

QString PatchSide::sentence() const {
    return m_read->text();
}

}  // namespace lab
