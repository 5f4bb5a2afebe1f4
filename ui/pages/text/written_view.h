#pragma once

#include <QString>
#include <QTextEdit>
#include <optional>
#include <vector>

namespace lab {

/// A stretch of a written text as it is shown.
struct WrittenPiece {
    QString text;
    std::optional<double> surprise{};  ///< bits: shades it; none: the prompt, muted
    double weight = 0;                 ///< of the head's look from the chosen token, 0 .. 1: the bar below

    bool operator==(const WrittenPiece&) const = default;
};

inline constexpr double mostSurpriseShown = 8.0;  ///< bits; more look alike

/// As widgets show it: one character each, whatever it is.
QString shownCharacters(QString text);

/// A prompt and what was written behind it, shaded by surprise. It is text: it can be changed anywhere, selected, copied. A click on a
/// token chooses it.
class WrittenView : public QTextEdit {
    Q_OBJECT

public:
    explicit WrittenView(QWidget* parent = nullptr);

    /// The caret stays where it is, at the end it stays at the end.
    void setPieces(const std::vector<WrittenPiece>& pieces, int chosen);
    const std::vector<WrittenPiece>& pieces() const { return m_pieces; }
    int chosen() const { return m_chosen; }
    /// Where a piece stands in the viewport, line by line.
    std::vector<QRectF> rectsOf(int piece) const;
    int pieceAt(const QPoint& position) const;

    /// The same for paper, in lines of that width, px.
    static double heightOf(const std::vector<WrittenPiece>& pieces, double width);
    static void paint(QPainter& painter, const std::vector<WrittenPiece>& pieces, double width);

signals:
    /// Somebody changed the text: `end` is where the change ends, `from` where it began, `removed` how much went there.
    void edited(const QString& text, int from, int removed, int end);
    void pieceChosen(int piece);
    void writeOnWanted();
    void oneTokenWanted();
    void backWanted();

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    void tellEdit();
    void setPlain(const QString& text);
    void format();
    void applyMeasures();
    void describe();

    std::vector<WrittenPiece> m_pieces;
    QString m_plain;            ///< as it was last shown or told
    std::vector<int> m_starts;  ///< of each piece, and the end
    int m_chosen = -1;
    bool m_setting = false;
};

}  // namespace lab
