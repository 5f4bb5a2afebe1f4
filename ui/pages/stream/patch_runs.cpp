#include "ui/pages/stream/patch_runs.h"

#include <QVBoxLayout>

#include "ui/pages/stream/patch_side.h"
#include "ui/text/message_text.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/verdict.h"

namespace lab {

PatchRuns::PatchRuns(QWidget* parent) : PanelFrame(tr("Runs"), parent) {
    m_table = new TextTable(tr("Runs"));
    m_verdict = new ElidedLabel({}, TextSize::axis, Role::right, true);
    m_cost = new ElidedLabel({}, TextSize::caption, Role::muted);
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    lines->addWidget(m_table, 1);
    lines->addWidget(m_verdict);
    lines->addWidget(m_cost);
    keepSpacing(lines, {6, 2, 6, 6}, 2);
    setContent(body);
}

void PatchRuns::showFound(const Run& run, const PatchFound& found, const PatchOutcome* outcome, const PatchCells* cells) {
    const bool known = found.error.isEmpty();
    std::vector<TextTable::Row> rows;
    const auto add = [&](const QString& name, const PatchOutcome& of, bool patched) {
        rows.push_back(
            {{name, answerName(run, of.top), fixed(of.probability, 2), measureText(found.question, of.measure)}, {}, patched, patched});
    };
    if (known) {
        add(tr("clean"), found.ofClean, false);
        add(tr("corrupted"), found.ofCorrupted, false);
        if (outcome) add(tr("patched"), *outcome, true);
    }
    m_table->setColumns({tr("run"), tr("top answer"), tr("p"), known ? measureName(run, found.question) : QString()}, {4, 4, 2, 4});
    m_table->setRows(std::move(rows));
    m_verdict->setText(known ? verdictText(found.changeByItself == 0.0,
                                           tr("patch of a run with itself: change %1").arg(differenceText(found.changeByItself)))
                             : QString());
    m_verdict->setRole(verdictRole(m_verdict->text()));
    m_cost->setText(known && cells
                        ? counted(LAB_PLURAL("stream", "%n cell(s) in %1 s, kept for this pair"), cells->known, {fixed(cells->seconds, 2)})
                        : QString());
}

QString PatchRuns::verdict() const {
    return m_verdict->text();
}

}  // namespace lab
