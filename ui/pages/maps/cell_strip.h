#pragma once

#include <QWidget>
#include <functional>
#include <vector>

#include "ui/scenes/parts_figure.h"

namespace lab {

struct StripRow {
    QString label;  ///< at its left; "layer 0"
    std::vector<QString> tokens;
    int length = 0;  ///< cells
};

struct StripSwatch {
    QColor color;
    QString text;
};

/// What stands in a strip of cells: rows of the same sequence or of two, a cell a token. Colours are asked for at each painting, since
/// they follow the theme.
struct StripPicture {
    QString name;  ///< "Experts of each token"
    std::function<QString()> heading;
    std::vector<StripRow> rows;
    std::function<std::vector<StripSwatch>()> legend;
    std::function<void(QPainter&, const QRectF&, int row, int token)> paintCell;
    std::function<QString(int row, int token)> sentence;  ///< of a cell
    std::function<QString(int row, int token)> story;     ///< of a cell and its row, for who cannot see it

    double height() const;
    /// `corner`: px at the right end of the heading that are taken.
    void paint(QPainter& painter, const QRectF& room, double corner = 0) const;
};

/// Of one of so many kinds: series have colours of their own; of more kinds the hues are spread.
QColor stripColor(int kind, int kinds);
/// A cell's colour, and what is said of it where there is room: colour is never the only mark.
void paintStripCell(QPainter& painter, const QRectF& cell, const QColor& color, const QString& text);

/// The strip for paper, behind the other offers. `numbers` are those of each token, `fileName` the word for its file.
void addStripFigure(std::vector<FigureOffer>& offers, const StripPicture& picture, const FigureTable& numbers, const QString& fileName,
                    const FigureSubject& subject);

/// A strip on screen. The arrow keys go from cell to cell; each says what it holds.
class CellStrip : public QWidget {
    Q_OBJECT

public:
    explicit CellStrip(const QString& name, QWidget* parent = nullptr);

    /// Hidden while it has no rows; who shows it is the page.
    void setPicture(StripPicture picture);
    const StripPicture& picture() const { return m_picture; }
    bool empty() const { return m_picture.rows.empty(); }
    /// A control at the right end of the heading.
    void setCorner(QWidget* corner);
    QString sentence(int row, int token) const { return m_picture.sentence(row, token); }
    QRectF cellRect(int row, int token) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void choose(int row, int token);
    void describe();
    QPoint cellAt(const QPointF& position) const;  ///< token and row; (-1, -1) beside all

    void placeCorner();

    StripPicture m_picture;
    QWidget* m_corner = nullptr;
    int m_row = 0, m_token = 0;  ///< in hand
};

/// "layer 0, token 3 “7”"; without a label "token 3 “7”".
QString stripPlace(const QString& label, const std::vector<QString>& tokens, int token);

}  // namespace lab
