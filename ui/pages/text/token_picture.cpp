#include "ui/pages/text/token_picture.h"

#include <QPainter>

#include "core/base/number_text.h"

namespace lab {
namespace {

constexpr int bodyWidth = 720;  // logical px

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
        return QSizeF(room, TokenChips::heightOf(m_picture.chips, ChipSize::page, room));
    }
    void paintBody(QPainter& painter, double width) const override {
        TokenChips::paint(painter, m_picture.chips, ChipSize::page, m_picture.colouring, width > 0 ? qRound(width) : bodyWidth);
    }

private:
    TokenPicture m_picture;
};

}  // namespace

TextChip chipOf(const TokenFace& face) {
    TextChip chip;
    chip.text = QString::fromStdString(face.text);
    chip.inside = face.inside;
    chip.kind = face.kind == TokenFace::Kind::special ? TextChip::Kind::special
                : face.kind == TokenFace::Kind::bytes ? TextChip::Kind::bytes
                                                      : TextChip::Kind::text;
    return chip;
}

std::unique_ptr<Figure> tokenFigure(TokenPicture picture) {
    return std::make_unique<TokenFigure>(std::move(picture));
}

}  // namespace lab
