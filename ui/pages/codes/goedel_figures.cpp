#include "ui/pages/codes/goedel_figures.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>

#include "core/base/number_text.h"
#include "ui/pages/codes/factor_columns.h"
#include "ui/pages/codes/number_line.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formula_text.h"

namespace lab {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(GoedelFigures)
};

constexpr std::size_t usualColumns = 8, mostColumns = 64;
constexpr double nameWidth = 40, aroundNumber = 12, barsWidth = 420;  // logical px

FigureTable factorTable(const GoedelStudy& study) {
    FigureTable table;
    table.header = {"position", "token", "symbol", "prime", "exponent", "bits"};
    for (std::size_t i = 0; i < study.factors.size(); ++i) {
        const goedel::Factor& factor = study.factors[i];
        table.rows.push_back({std::to_string(i), study.of.alphabet->symbol(factor.symbol), std::to_string(factor.symbol),
                              std::to_string(factor.prime), std::to_string(factor.exponent()), numberText(factor.bits)});
    }
    if (table.rows.empty()) table.rows.push_back({"", "", "", "", "", "0"});
    return table;
}

/// As many columns beside one another as there is room for, and below all of them the number.
class NumberFigure : public Figure {
public:
    explicit NumberFigure(GoedelStudyPtr study) : m_study(std::move(study)) {}

    FigureTable table() const override { return factorTable(*m_study); }

protected:
    QSizeF bodySize(double width) const override {
        const double wide = widthFor(width);
        return {wide, static_cast<double>(lines(wide) * static_cast<std::size_t>(FactorColumns::heightOf())) + numberHeight(wide)};
    }
    void paintBody(QPainter& painter, double width) const override;

private:
    static double widthFor(double width) {
        const double least = FactorColumns::widthOf(1);
        return width > 0 ? std::max(width, least) : FactorColumns::widthOf(usualColumns);
    }
    static std::size_t columns(double wide) {
        const int one = FactorColumns::widthOf(1), step = FactorColumns::widthOf(2) - one;
        return static_cast<std::size_t>(1 + std::max(0, (static_cast<int>(wide) - one) / step));
    }
    std::size_t lines(double wide) const {
        return (std::clamp<std::size_t>(m_study->of.length(), 1, mostColumns) + columns(wide) - 1) / columns(wide);
    }
    NumberLine::Set digits(double wide) const { return NumberLine::setOf(NumberLine::shownText(m_study->decimal), wide - nameWidth); }
    double numberHeight(double wide) const { return m_study->hasNumber() ? NumberLine::heightOf(digits(wide)) + aroundNumber : 0; }

    GoedelStudyPtr m_study;
};

void NumberFigure::paintBody(QPainter& painter, double width) const {
    const double wide = widthFor(width), high = FactorColumns::heightOf();
    const std::size_t all = lines(wide), across = columns(wide);
    for (std::size_t line = 0; line < all; ++line)
        FactorColumns::paint(painter, QRectF(0, static_cast<double>(line) * high, wide, high), *m_study, line * across, across,
                             line + 1 == all);
    if (!m_study->hasNumber()) return;
    const Theme& theme = Theme::instance();
    const QRectF room(0, static_cast<double>(all) * high, wide, numberHeight(wide));
    painter.setPen(theme.color(Role::text));
    painter.setFont(theme.font(TextSize::token, true));
    painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("G ="));
    NumberLine::paint(painter, room.adjusted(nameWidth, 0, 0, 0), digits(wide));
}

QString numberCaption(const GoedelStudy& study) {
    QString what = Words::tr("Gödel number");
    if (study.sizes) {
        const auto bits = static_cast<std::int64_t>(study.sizes->goedelWhole);
        what = counted(LAB_PLURAL("codes", "Gödel number of %1 bit(s)"), bits, {grouped(bits)});
    }
    const QString cut = study.of.length() > mostColumns
                            ? Words::tr("Drawn are the first %1 of %2 columns.").arg(mostColumns).arg(study.of.length())
                            : QString();
    return sentences({subjectCaption(goedelSubject(study.of), what), cut});
}

}  // namespace

FigureSubject goedelSubject(const CodedSequence& sequence) {
    return {sequence.name()};
}

FigureOffer numberOffer(const GoedelStudyPtr& study) {
    const QString name = Words::tr("Gödel number");
    return {name, figureFile(goedelSubject(study->of), name), [=] {
                auto figure = std::make_unique<NumberFigure>(study);
                figure->title = name;
                figure->caption = numberCaption(*study);
                return figure;
            }};
}

FigureOffer bitsOffer(const std::vector<BitsBar>& bars, const FigureSubject& subject) {
    const QString name = Words::tr("Bits against information");
    return {name, figureFile(subject, name), [=] {
                auto figure = std::make_unique<PartsFigure>();
                figure->title = name;
                figure->caption = subjectCaption(subject, name);
                figure->body = QSizeF(barsWidth, BitsBars::heightOf(bars.size()));
                figure->parts.push_back({QString(), QRectF(QPointF(), figure->body), nullptr});
                figure->parts.back().paint = [bars](QPainter& painter, const QSizeF& room) {
                    BitsBars::paint(painter, QRectF(QPointF(), room), bars);
                };
                figure->numbers.header = {"code", "bits"};
                for (const BitsBar& bar : bars)
                    figure->numbers.rows.push_back({plainFormula(bar.name).toStdString(), numberText(bar.bits)});
                return figure;
            }};
}

}  // namespace lab
