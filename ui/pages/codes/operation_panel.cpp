#include "ui/pages/codes/operation_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

#include "ui/pages/codes/number_line.h"
#include "ui/pages/codes/power_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/column.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/named.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

constexpr int fieldWidth = 140;  // logical px at 100 %
constexpr std::size_t stepsInSight = 6;                 ///< at the most, whatever there is room for

/// "5 … 7", or "5".
QString positions(std::size_t from, std::size_t count) {
    if (count == 1) return QString::number(from);
    return QStringLiteral("%1 \u2026 %2").arg(from).arg(from + count - 1);
}

}  // namespace

OperationPanel::OperationPanel(CodesState& state, QWidget* parent) : PanelFrame(tr("On the numbers alone"), parent), m_state(state) {
    m_operation = named("codes.arithmetic.operation",
                        new SegmentedControl({tr("Join"), tr("Replace"), tr("Substitute")}, tr("What is done with the numbers")));
    m_operation->setHeight(20);
    addControl(m_operation);
    auto* body = new QWidget;
    auto* lines = column(body);
    m_problem = new ProblemLabel(TextSize::axis, body);
    m_problem->setContentsMargins(8, 0, 8, 4);
    m_steps = named("codes.arithmetic.steps", new TextTable(tr("What wanders from number to number")));
    m_steps->setColumns({tr("out of"), tr("positions"), tr("divided out"), tr("to positions"), tr("multiplied in")},
                        {0.12, 0.16, 0.28, 0.16, 0.28});
    m_first = new NumberLine(QStringLiteral("G(s)"), QStringLiteral("codes.arithmetic.copy_first"), body);
    m_second = new NumberLine(QStringLiteral("G(t)"), QStringLiteral("codes.arithmetic.copy_second"), body);
    m_result = new NumberLine(tr("result"), QStringLiteral("codes.arithmetic.copy_result"), body);
    m_verdict = new ElidedLabel({}, TextSize::text, Role::muted, true, body);
    m_verdict->setContentsMargins(8, 4, 8, 4);
    lines->addWidget(makeFields());
    lines->addWidget(m_problem);
    lines->addWidget(m_steps, 1);
    for (QWidget* part : std::initializer_list<QWidget*>{m_first, m_second, m_result, m_verdict}) lines->addWidget(part);
    setContent(body);
    followTheme(this, &OperationPanel::applyMeasures);
    connect(&m_state, &CodesState::changed, this, [this] { m_stale = true; });
    connect(m_operation, &SegmentedControl::chosen, this, [this](int index) {
        CodesValue value = m_state.value();
        value.operation = static_cast<NumberOperation>(index);
        m_state.set(std::move(value));
    });
}

void OperationPanel::applyMeasures() {
    m_steps->setMinimumHeight(m_steps->closeHeight(stepsInSight));
}

QWidget* OperationPanel::makeFields() {
    auto* fields = new QWidget;
    auto* row = new QHBoxLayout(fields);
    auto* before = new ThemedLabel(tr("t"), TextSize::text, Role::muted, true);
    m_other = named("codes.arithmetic.other", new QLineEdit);
    m_other->setMaxLength(mostLettersInField);
    m_other->setAccessibleName(tr("Second sequence"));
    before->setBuddy(m_other);
    m_variable = named("codes.arithmetic.variable", new QComboBox);
    m_variable->setAccessibleName(tr("Variable that gives way"));
    m_what = new ElidedLabel({}, TextSize::text, Role::muted);
    row->addWidget(before);
    row->addWidget(m_other);
    row->addWidget(m_variable);
    row->addWidget(m_what, 1);
    keepSpacing(row, {8, 4, 8, 4}, 8);
    connect(m_other, &QLineEdit::textEdited, this, [this](const QString& text) { m_state.type(text, CodesState::Slot::other); });
    connect(m_variable, &QComboBox::activated, this, [this](int index) {
        CodesValue value = m_state.value();
        value.variable = m_variable->itemText(index);
        m_state.set(std::move(value));
    });
    followTheme(this, [this] { m_other->setFixedWidth(Theme::instance().px(fieldWidth)); });
    return fields;
}

void OperationPanel::refresh() {
    if (!m_stale) return;
    m_stale = false;
    showFields();
    const OperationQuestion question = operationAsked(m_state);
    if (m_study && question == m_asked) return;
    m_asked = question;
    m_task.request([this, question](const LatestTask::Wanted& wanted) -> LatestTask::Found {
        const OperationStudyPtr study = studied(question, [&wanted] { return !wanted(); });
        return [this, study] {
            m_study = study;
            showStudy();
            emit changed();
        };
    });
}

void OperationPanel::showFields() {
    const CodesValue& value = m_state.value();
    const QString typed = m_state.typed(CodesState::Slot::other), why = whyNoSubstitution(m_state.sequence());
    if (m_other->text() != typed) m_other->setText(typed);
    if (m_problem->sentence() != m_state.problem(CodesState::Slot::other))
        m_problem->say(m_state.problem(CodesState::Slot::other), *m_other);
    m_operation->setCurrent(static_cast<int>(value.operation));
    const bool substitutes = value.operation == NumberOperation::substitute;
    m_operation->setChoiceEnabled(static_cast<int>(NumberOperation::substitute), substitutes || why.isEmpty(), why);
    m_variable->setVisible(substitutes);
    QStringList names;
    for (const goedel::Variable& variable : freeVariables(m_state.sequence())) names << qt(variable.text());
    QStringList now;
    for (int i = 0; i < m_variable->count(); ++i) now << m_variable->itemText(i);
    if (names != now) {
        m_variable->clear();
        m_variable->addItems(names);
    }
    const OperationQuestion question = operationAsked(m_state);
    m_variable->setCurrentIndex(question.variable ? static_cast<int>(names.indexOf(qt(question.variable->text()))) : -1);
    m_what->setText(sentence());
}

/// What the operation does, in words.
QString OperationPanel::sentence() const {
    const OperationQuestion question = operationAsked(m_state);
    switch (question.operation) {
        case NumberOperation::concatenate:
            return tr("stands behind s: its exponents move to the primes behind those of G(s)");
        case NumberOperation::replace:
            return question.symbol < 0 ? tr("replaces the symbol in hand, and s has none")
                                       : tr("replaces every %1 of s, the symbol in hand: wherever the exponent is %2")
                                             .arg(qt(question.first.alphabet->symbol(question.symbol)))
                                             .arg(question.symbol + 1);
        case NumberOperation::substitute:
            break;
    }
    return tr("gives way to the term t wherever it is free");
}

QString OperationPanel::resultName() const {
    return m_study->of.operation == NumberOperation::concatenate ? QStringLiteral("G(s t)") : QStringLiteral("G(s\u2032)");
}

QString OperationPanel::verdict() const {
    return m_verdict->text();
}

void OperationPanel::showStudy() {
    const OperationStudy& study = *m_study;
    std::vector<TextTable::Row> rows;
    for (const goedel::Move& move : study.moves) {
        const QString source = move.source == goedel::MoveSource::first ? QStringLiteral("G(s)") : QStringLiteral("G(t)");
        rows.push_back({{source, positions(move.from, move.count()), powerText(takenText(move)), positions(move.to, move.count()),
                         powerText(putText(move))}});
    }
    m_steps->setRows(std::move(rows));
    applyMeasures();
    const auto tell = [](NumberLine& line, const std::string& decimal) {
        decimal.empty() ? line.setWords(tr("not worked out")) : line.setNumber(decimal);
    };
    tell(*m_first, study.first);
    tell(*m_second, study.second);
    m_result->setName(resultName());
    if (!study.refusal.empty()) {
        m_result->setWords(shown(study.refusal), true);
        m_verdict->setText({});
        return;
    }
    m_result->setNumber(study.result);
    const QString decoded = CodedSequence{study.of.first.alphabet, study.decoded}.name();
    const QString words = study.of.operation == NumberOperation::substitute ? tr("decodes to the formula %1").arg(decoded)
                                                                            : tr("decodes to %1, as written by hand").arg(decoded);
    m_verdict->setRole(verdictRole(study.asByHand));
    m_verdict->setText(verdictText(study.asByHand, study.asByHand ? words : tr("decodes to %1").arg(decoded)));
}

}  // namespace lab
