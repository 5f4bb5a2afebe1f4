#include "ui/pages/codes/provability_view.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QScrollArea>
#include <QVBoxLayout>

#include "core/base/errors.h"
#include "ui/pages/codes/number_line.h"
#include "ui/text/message_text.h"
#include "ui/widgets/caption.h"
#include "ui/widgets/column.h"
#include "ui/widgets/named.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

constexpr int mostFormulaLetters = 5'000;  ///< in a field: a proof of some hundred lines

ThemedLabel* wrappedLabel(const QString& text, Role role = Role::text, bool bold = false) {
    auto* label = new ThemedLabel(text, TextSize::text, role, bold);
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    return label;
}

std::vector<TextTable::Row> rowsOf(const std::vector<std::pair<Message, Message>>& numbers) {
    std::vector<TextTable::Row> rows;
    for (const auto& [what, value] : numbers) rows.push_back({{shown(what), shown(value)}});
    return rows;
}

std::shared_ptr<const goedel::Alphabet> formulas() {
    return builtInAlphabet("formula");
}

}  // namespace

ProvabilityView::ProvabilityView(CodesState& state, QWidget* parent) : QWidget(parent), m_state(state) {
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    addRelation(*lines);
    addSteps(*lines);
    lines->addStretch(1);
    keepSpacing(lines, {8, 6, 8, 6}, 5);
    auto* area = named("codes.arithmetic.provability", new QScrollArea);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setAccessibleName(tr("Provability"));
    area->setWidget(body);
    body->setAutoFillBackground(false);
    area->viewport()->setAutoFillBackground(false);
    column(this)->addWidget(area);
}

void ProvabilityView::addSteps(QVBoxLayout& lines) {
    for (const goedel::ProvabilityStep& step : goedel::provabilitySteps()) {
        ThemedLabel* title = wrappedLabel(shown(Message(step.title)), Role::text, true);
        title->setContentsMargins(0, 8, 0, 0);
        lines.addWidget(title);
        lines.addWidget(wrappedLabel(shown(Message(step.text))));
        if (!step.shown) continue;
        auto* table = new TextTable(shown(Message(step.title)));
        table->setColumns({tr("computed here"), QString()}, {0.6, 0.4});
        table->setRows(rowsOf(step.shown()));
        followTheme(table, [table] { table->setFixedHeight(table->fullHeight()); });
        lines.addWidget(table);
    }
}

QLineEdit* ProvabilityView::addField(QVBoxLayout& lines, const QString& name, const QString& caption) {
    auto* row = new QHBoxLayout;
    lines.addLayout(row);  // before its spacing is kept: the widget around it is asked for
    auto* field = named(name, new QLineEdit);
    field->setMaxLength(mostFormulaLetters);
    field->setAccessibleName(caption);
    row->addWidget(new Caption(caption, field));
    row->addWidget(field, 1);
    keepSpacing(row, 8);
    return field;
}

void ProvabilityView::addRelation(QVBoxLayout& lines) {
    lines.addWidget(wrappedLabel(tr("x proves y: a relation between two numbers, asked of the numbers alone"), Role::text, true));
    m_proof = addField(lines, QStringLiteral("codes.arithmetic.proof"), tr("x, a proof"));
    m_proof->setToolTip(tr("Formulas parted by ; each an axiom (t+0)=t, or made by the rule: from (t+u)=v follows (t+Su)=Sv"));
    m_formula = addField(lines, QStringLiteral("codes.arithmetic.theorem"), tr("y, a formula"));
    m_problem = new ProblemLabel(TextSize::axis);
    lines.addWidget(m_problem);
    m_proofNumber = new NumberLine(QStringLiteral("x"), QStringLiteral("codes.arithmetic.copy_proof"));
    m_formulaNumber = new NumberLine(QStringLiteral("y"), QStringLiteral("codes.arithmetic.copy_theorem"));
    lines.addWidget(m_proofNumber);
    lines.addWidget(m_formulaNumber);
    m_lines = named("codes.arithmetic.proof_lines", new TextTable(tr("Lines of the proof")));
    m_lines->setColumns({tr("line of x, divided out of it"), QString()}, {0.9, 0.1});
    lines.addWidget(m_lines);
    m_verdict = wrappedLabel({}, Role::muted, true);
    lines.addWidget(m_verdict);
    for (const bool proof : {true, false})
        connect(proof ? m_proof : m_formula, &QLineEdit::textEdited, this, [this, proof](const QString& text) { keep(proof, text); });
    followTheme(this, [this] { m_lines->setFixedHeight(m_lines->fullHeight()); });
}

/// What stands in a field; the usual while nothing was typed.
QString ProvabilityView::typed(bool proof) const {
    const QString& own = proof ? m_state.value().proof : m_state.value().theorem;
    if (!own.isEmpty()) return own;
    return qt(formulas()->write(proof ? goedel::sumProof(1, 1) : goedel::sumFormula(1, 1, 2)));
}

void ProvabilityView::keep(bool proof, const QString& text) {
    CodesValue value = m_state.value();
    (proof ? value.proof : value.theorem) = text;
    m_state.set(std::move(value));
}

QString ProvabilityView::verdict() const {
    return m_verdict->text();
}

void ProvabilityView::refresh() {
    const QString proof = typed(true), formula = typed(false), asked = proof + QLatin1Char('\n') + formula;
    if (asked == m_asked) return;
    m_asked = asked;
    for (const auto& [field, text] : {std::pair(m_proof, proof), std::pair(m_formula, formula)})
        if (field->text() != text && !(field->hasFocus() && field->text().isEmpty())) field->setText(text);
    m_task.request([this, signs = formulas(), x = proof.toStdString(),
                    y = formula.toStdString()](const LatestTask::Wanted& wanted) -> LatestTask::Found {
        const auto answer = std::make_shared<Answer>();
        const auto cancelled = [&wanted] { return !wanted(); };
        try {
            const goedel::Natural proofNumber = goedel::goedelNumber(signs->read(x), cancelled);
            const goedel::Natural formulaNumber = goedel::goedelNumber(signs->read(y), cancelled);
            answer->proof = proofNumber.toDecimal();
            answer->formula = formulaNumber.toDecimal();
            answer->reading = goedel::proves(proofNumber, formulaNumber, cancelled);
        } catch (const InputError& error) {
            answer->refusal = error.message();
        }
        return [this, answer] { show(*answer); };
    });
}

/// Of what cannot be read the old answer stays.
void ProvabilityView::show(const Answer& answer) {
    m_problem->say(shown(answer.refusal));
    if (answer.refusal.empty()) {
        m_proofNumber->setNumber(answer.proof);
        m_formulaNumber->setNumber(answer.formula);
        std::vector<TextTable::Row> rows;
        for (const goedel::ProofCheck& line : answer.reading.lines) rows.push_back({{verdictText(line.holds, shown(line.sentence)), {}}});
        m_lines->setRows(std::move(rows));
        m_lines->setFixedHeight(m_lines->fullHeight());
        m_verdict->setRole(verdictRole(answer.reading.proves));
        const QString end = shown(answer.reading.end);
        m_verdict->setText(verdictText(answer.reading.proves,
                                       answer.reading.proves ? tr("%1: x proves y").arg(end) : tr("%1: x does not prove y").arg(end)));
    }
    emit changed();
}

}  // namespace lab
