#include "ui/pages/codes/decode_panel.h"

#include <QHeaderView>

#include "ui/text/message_text.h"
#include "ui/widgets/column.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

constexpr int decodeRow = 17, decodeTitle = 12, verdictEdge = 8, verdictHeight = 28;  // logical px at 100 %

}  // namespace

DecodeTable::DecodeTable(QWidget* parent) : DataTable(tr("Decode"), decodeRow, parent) {
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setColumns(makeColumns());
}

std::vector<TableColumn> DecodeTable::makeColumns() const {
    TableColumn prime{"prime", tr("prime"), tr("The next prime: 2, 3, 5, 7, ..."), Qt::AlignLeft, true};
    prime.number = [this](std::size_t row) { return static_cast<double>(m_steps[row].prime); };
    prime.cell = [this](std::size_t row) { return TableCell{QString::number(m_steps[row].prime)}; };
    TableColumn times{"divides", tr("divides"), tr("How often it divides what the primes before it left")};
    times.number = [this](std::size_t row) { return static_cast<double>(m_steps[row].times); };
    times.cell = [this](std::size_t row) {
        const std::size_t often = m_steps[row].times;
        return often > 0 ? TableCell{QStringLiteral("%1\u00D7").arg(often)} : TableCell{tr("no"), Role::muted};
    };
    TableColumn token{"token", tr("token"), tr("One less: the number of the symbol"), Qt::AlignRight, true};
    token.number = [this](std::size_t row) { return static_cast<double>(m_steps[row].symbol()); };
    token.cell = [this](std::size_t row) {
        const int symbol = m_steps[row].symbol();
        if (symbol < 0) return TableCell{tr("end"), Role::muted};
        return symbol < m_alphabet->size() ? TableCell{qt(m_alphabet->symbol(symbol)), Role::text, true}
                                           : TableCell{tr("none"), Role::wrong};
    };
    token.written = [this](std::size_t row) {
        const int symbol = m_steps[row].symbol();
        return symbol >= 0 && symbol < m_alphabet->size() ? m_alphabet->symbol(symbol) : std::string();
    };
    return {std::move(prime), std::move(times), std::move(token)};
}

void DecodeTable::setDecoded(const CodedSequence& of, const goedel::Decoded* decoded, std::size_t chosen) {
    m_alphabet = of.alphabet;
    m_steps = decoded ? decoded->steps : std::vector<goedel::DecodeStep>();
    showAll(m_steps.size(), chosen < m_steps.size() ? std::optional(chosen) : std::nullopt);
}

/// Three columns share the room that their titles leave.
void DecodeTable::arrangeColumns() {
    const QFont font = Theme::instance().font(TextSize::caption, true);
    std::vector<int> widths;
    for (const TableColumn& column : columns()) widths.push_back(textWidth(font, column.title) + Theme::instance().px(decodeTitle));
    const int left = viewport()->width() - std::accumulate(widths.begin(), widths.end(), 0);
    for (std::size_t i = 0; i < widths.size(); ++i) setColumnWidth(static_cast<int>(i), widths[i] + left / static_cast<int>(widths.size()));
}

DecodePanel::DecodePanel(QWidget* parent) : PanelFrame(tr("Decode"), parent) {
    auto* body = new QWidget;
    auto* lines = column(body);
    m_table = named("codes.exact.decoding", new DecodeTable(body));
    m_verdict = new ElidedLabel({}, TextSize::text, Role::muted, true, body);
    m_verdict->setAutoFillBackground(true);
    m_verdict->setBackgroundRole(QPalette::AlternateBase);
    lines->addWidget(m_table, 1);
    lines->addWidget(m_verdict);
    setContent(body);
    connect(m_table, &DataTable::rowChosen, this, [this](std::size_t row) {
        if (row + 1 < m_table->steps().size()) emit columnChosen(row);
    });
    followTheme(this, [this] {
        m_verdict->setFixedHeight(Theme::instance().px(verdictHeight));
        m_verdict->setContentsMargins(Theme::instance().px(verdictEdge), 0, Theme::instance().px(verdictEdge), 0);
    });
}

QString DecodePanel::verdict() const {
    return m_verdict->text();
}

void DecodePanel::setStudy(const GoedelStudy& study, std::size_t column) {
    m_table->setDecoded(study.of, study.hasNumber() ? &study.decoded : nullptr, column);
    m_verdict->setRole(Role::muted);
    if (!study.worked) return m_verdict->setText(tr("The number is on its way."));
    if (!study.hasNumber()) return m_verdict->setText(tr("There is no number to divide."));
    const bool whole = study.decoded.isWhole() && study.decoded.symbols == study.of.symbols;
    m_verdict->setRole(verdictRole(whole));
    m_verdict->setText(whole ? verdictText(true, tr("rest 1: nothing lost"))
                             : verdictText(false, study.decoded.fault ? shown(study.decoded.fault->sentence) : tr("another sequence")));
}

}  // namespace lab
