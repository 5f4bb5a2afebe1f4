#include "ui/pages/text/token_picture.h"

#include <QPainter>

#include "core/base/number_text.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px.
constexpr int bodyWidth = 720;
constexpr int scaleLeft = 40, scaleWidth = 150, scaleBar = 10, scaleHeight = 34, scaleSteps = 64;

class TokenFigure : public Figure {
public:
    explicit TokenFigure(TokenPicture picture) : m_picture(std::move(picture)) {
        title = m_picture.title;
        caption = m_picture.caption;
    }

    FigureTable table() const override {
        FigureTable table;
        table.header = {"place", "id", "token", "from", "to", "bits"};
        for (std::size_t i = 0; i < m_picture.tokens.size(); ++i) {
            const ShownToken& token = m_picture.tokens[i];
            const auto& bits = m_picture.chips[i].bits;
            table.rows.push_back({std::to_string(i), std::to_string(token.id), token.face.text, std::to_string(token.span.begin),
                                  std::to_string(token.span.end), bits ? numberText(*bits) : std::string()});
        }
        return table;
    }

protected:
    QSizeF bodySize(double width) const override {
        const int room = width > 0 ? qRound(width) : bodyWidth;
        return QSizeF(room, chipsHeight(room) + (m_picture.colouring == TokenChips::Colouring::bits ? scaleHeight : 0));
    }
    void paintBody(QPainter& painter, double width) const override {
        const int room = width > 0 ? qRound(width) : bodyWidth;
        TokenChips::paint(painter, m_picture.chips, ChipSize::page, m_picture.colouring, room);
        if (m_picture.colouring == TokenChips::Colouring::bits) paintScale(painter, chipsHeight(room));
    }

private:
    int chipsHeight(int width) const { return TokenChips::heightOf(m_picture.chips, ChipSize::page, width); }

    /// What the colours say: 0 to 16 bits.
    void paintScale(QPainter& painter, double top) const {
        const Theme& theme = Theme::instance();
        const QRectF bar(scaleLeft, top + 4, scaleWidth, scaleBar);
        painter.setPen(Qt::NoPen);
        for (int i = 0; i < scaleSteps; ++i) {
            painter.setBrush(chipFill(mostChipBits * i / (scaleSteps - 1)));
            painter.drawRect(QRectF(bar.left() + bar.width() * i / scaleSteps, bar.top(), bar.width() / scaleSteps + 0.5, bar.height()));
        }
        drawOutline(painter, bar, theme.color(Role::controlBorder));
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::muted));
        painter.drawText(QRectF(0, bar.top() - 3, scaleLeft - 6, bar.height() + 6), Qt::AlignRight | Qt::AlignVCenter,
                         TokenChips::tr("bits"));
        for (const int bits : {0, 8, 16}) {
            const double x = bar.left() + bar.width() * bits / mostChipBits;
            painter.drawText(QRectF(x - 20, bar.bottom() + 1, 40, 16), Qt::AlignHCenter | Qt::AlignTop, QString::number(bits));
        }
    }

    TokenPicture m_picture;
};

}  // namespace

std::unique_ptr<Figure> tokenFigure(TokenPicture picture) {
    return std::make_unique<TokenFigure>(std::move(picture));
}

}  // namespace lab
