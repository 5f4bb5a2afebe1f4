#include "ui/pages/codes/double_panel.h"

#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "ui/pages/codes/power_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/verdict.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

constexpr std::size_t termsTold = 4, twinSymbols = 8;

std::shared_ptr<const DoubleStudy> studyOf(const CodedSequence& sequence, const goedel::CancelCheck& cancelled) {
    auto study = std::make_shared<DoubleStudy>();
    study->of = sequence;
    const int size = sequence.alphabet->size();
    try {
        study->kept = goedel::inDouble(sequence.symbols, size, cancelled);
        study->error = study->kept.error.toDecimal();
        for (const goedel::DoubleOf of : {goedel::DoubleOf::number, goedel::DoubleOf::logarithm})
            if (auto twins = goedel::findTwins(sequence.symbols, size, of, cancelled)) study->twins.push_back(std::move(*twins));
    } catch (const InputError& error) {
        study->refusal = error.message();
    }
    return study;
}

QString doubleText(double value) {
    return std::isfinite(value) ? qt(numberText(value)) : fixed(value, 0);
}

/// From where the two differ on.
QString fromDifference(const goedel::Alphabet& alphabet, const goedel::Symbols& symbols, std::size_t from) {
    const std::size_t end = std::min(symbols.size(), from + twinSymbols);
    const QString text =
        qt(alphabet.write({symbols.begin() + static_cast<std::ptrdiff_t>(from), symbols.begin() + static_cast<std::ptrdiff_t>(end)}));
    const QString dots = QStringLiteral("\u2026");
    return QStringList{from > 0 ? dots : QString(), text, end < symbols.size() ? dots : QString()}.join(QLatin1Char(' ')).trimmed();
}

std::size_t firstDifference(const goedel::Twins& twins) {
    const auto found = std::ranges::mismatch(twins.first, twins.second);
    return static_cast<std::size_t>(found.in1 - twins.first.begin());
}

}  // namespace

DoublePanel::DoublePanel(QWidget* parent) : PanelFrame(tr("What a double keeps"), parent) {
    setSubtitle(tr("53 binary digits"));
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    m_linear = new WrappedText(1);
    m_linear->setHelp(
        tr("The logarithm of the number is a weighted sum of the symbols, plus 1 each, with weights that only the position decides. As a "
           "real number it tells all sequences apart; a double has room for 53 binary digits of it."));
    m_facts = named("codes.arithmetic.double", new TextTable(tr("What a double keeps")));
    m_facts->setColumns({tr("of the number"), QString()}, {0.42, 0.58});
    m_same = new WrappedText(2, TextSize::text, Role::text, true);
    m_twins = named("codes.arithmetic.twins", new TextTable(tr("Two sequences, one double")));
    m_twins->setColumns({tr("two sequences"), tr("from"), tr("number"), tr("as a double")}, {0.27, 0.09, 0.3, 0.34});
    lines->addWidget(m_linear);
    lines->addWidget(m_facts, 3);
    lines->addWidget(m_same);
    lines->addWidget(m_twins, 2);
    keepSpacing(lines, {8, 4, 8, 4}, 2);
    setContent(body);
    followTheme(this, &DoublePanel::applyMeasures);
}

/// No row is left out: where there is no room for all, the page scrolls.
void DoublePanel::applyMeasures() {
    for (TextTable* table : {m_facts, m_twins}) table->setMinimumHeight(table->closeHeight(table->rows().size()));
}

QString DoublePanel::linear() const {
    return m_linear->text();
}

void DoublePanel::setSequence(const CodedSequence& sequence) {
    if (m_asked == sequence) return;
    m_asked = sequence;
    m_task.request([this, sequence](const LatestTask::Wanted& wanted) -> LatestTask::Found {
        const auto study = studyOf(sequence, [&wanted] { return !wanted(); });
        return [this, study] {
            m_study = study;
            showStudy();
            emit changed();
        };
    });
}

/// "ln G = 4 · ln 2 + 2 · ln 3 + ... = 86.056".
QString DoublePanel::linearSum() const {
    QStringList terms;
    const std::vector<goedel::Factor> factors = goedel::factorsOf(m_study->of.symbols);
    for (std::size_t i = 0; i < std::min(factors.size(), termsTold); ++i)
        terms << tr("%1 \u00B7 ln %2").arg(factors[i].exponent()).arg(factors[i].prime);
    if (factors.size() > termsTold) terms << QStringLiteral("\u2026");
    if (terms.isEmpty()) terms << QStringLiteral("0");
    return tr("ln G = %1 = %2: linear in the exponents").arg(terms.join(QStringLiteral(" + ")), fixed(m_study->kept.logarithm, 3));
}

void DoublePanel::showStudy() {
    if (!m_study->refusal.empty()) {
        m_linear->setText({});
        m_facts->setRows({});
        m_twins->setRows({});
        m_same->setText(shown(m_study->refusal));
    } else {
        m_linear->setText(linearSum());
        showFacts();
        showTwins();
    }
    applyMeasures();
}

void DoublePanel::showFacts() {
    const goedel::InDouble& kept = m_study->kept;
    std::vector<TextTable::Row> rows{{{tr("nearest double"), doubleText(kept.value)}}};
    if (std::isfinite(kept.value)) {
        rows.push_back({{tr("from there to the next one"), doubleText(kept.spacing)}});
        rows.push_back({{tr("|double \u2212 G|"), kept.exact ? verdictText(true, tr("0: exact")) : cellDigits(m_study->error)}});
        rows.push_back({{tr("decoded, the double\u2019s sequence is"),
                         kept.firstWrong ? verdictText(false, tr("first wrong at position %1").arg(*kept.firstWrong))
                                         : verdictText(true, tr("the same"))}});
    } else {
        rows.push_back({{tr("decoded, the double\u2019s sequence is"), verdictText(false, tr("none: the number is too large"))}});
    }
    rows.push_back({{tr("ln G as a double"), doubleText(kept.logarithm)}});
    rows.push_back({{tr("whole numbers that share it, about"),
                     kept.log2Sharers <= 0 ? QStringLiteral("1") : tr("2^{%1}").arg(fixed(kept.log2Sharers, 1))}});
    m_facts->setRows(std::move(rows));
}

void DoublePanel::showTwins() {
    std::vector<TextTable::Row> rows;
    for (const goedel::Twins& twins : m_study->twins) {
        const std::size_t from = firstDifference(twins);
        const QString shared = doubleText(twins.shared);
        const bool isNumber = twins.of == goedel::DoubleOf::number;
        for (const bool first : {true, false})
            rows.push_back(
                {{fromDifference(*m_study->of.alphabet, first ? twins.first : twins.second, from), QString::number(from),
                  cellDigits((first ? twins.firstNumber : twins.secondNumber).toDecimal()), isNumber ? shared : tr("ln %1").arg(shared)}});
    }
    m_twins->setRows(std::move(rows));
    if (m_study->twins.empty()) return m_same->setText(tr("No two sequences near this one were found that become the same double."));
    const goedel::Twins& twins = m_study->twins.front();
    m_same->setText(twins.appended > 0
                        ? counted(LAB_PLURAL("codes", "This sequence, with %n more symbol(s) in two ways: two numbers, one double."),
                                  static_cast<std::int64_t>(twins.appended))
                        : tr("This sequence and another of %1 symbols: two numbers, one double.").arg(twins.first.size()));
}

}  // namespace lab
