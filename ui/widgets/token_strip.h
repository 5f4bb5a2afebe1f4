#pragma once

#include <QImage>
#include <QPointer>
#include <QStringList>
#include <QWidget>
#include <functional>
#include <optional>
#include <vector>

#include "ui/widgets/text_chip.h"

class QLineEdit;

namespace lab {

/// A token as a person sees it.
struct TokenChip {
    QString text;
    bool masked = false;
    QString toolTip{};
    bool marked = false;              ///< differs from what it is compared with
    QImage picture{};                 ///< a patch of a picture, in the place of the text
    QStringList cells{};              ///< the numbers of a vector, in the place of the text: the last one stands out
    bool special = false;             ///< stands for no part of the input: dashed, without a ground
    QString spoken{};                 ///< to screen readers, where the text is too short for them
    QString edited{};                 ///< what an editor begins with; empty: the text
    std::optional<TextChip> piece{};  ///< a piece of running text, which is drawn as such
    QString lead{};                   ///< muted before it: the segment that begins here

    const QString& inWords() const { return spoken.isEmpty() ? text : spoken; }
    bool operator==(const TokenChip&) const = default;
};

/// What the model says below a position.
struct PredictionChip {
    enum class Verdict {
        none,      ///< nothing is asked here
        open,      ///< an answer without a known target
        other,     ///< the text goes on otherwise, which is no error: muted, hairline
        right,     ///< solid underline
        wrong,     ///< tinted, dashed underline and a cross
        measured,  ///< a number beside the true one, to which it is more or less near: hairline
    };
    QString text{};
    Verdict verdict = Verdict::none;
    QString toolTip{};
    QString truth{};  ///< muted, behind the text

    QString shown() const { return truth.isEmpty() ? text : text + QStringLiteral("  ") + truth; }
    bool operator==(const PredictionChip&) const = default;
};

/// Tokens that can be edited one by one, and the predictions exactly below them. Longer rows scroll. Keys at the token that has the ring:
/// Enter edits, Insert and Delete add and take away, M masks; the menu key and the right button offer all of it.
class TokenStrip : public QWidget {
    Q_OBJECT

public:
    explicit TokenStrip(QWidget* parent = nullptr);

    void setTokens(std::vector<TokenChip> tokens);
    void setPredictions(std::vector<PredictionChip> predictions);
    const std::vector<PredictionChip>& predictions() const { return m_predictions; }
    /// Says what is wrong with a text typed as token `index`; empty = fine.
    void setCheck(std::function<QString(int index, const QString& text)> check) { m_check = std::move(check); }
    /// Typing that many characters ends the editing of a token and opens the next (1 for single digits).
    void setTokenLength(int characters) { m_tokenLength = characters; }
    /// Scrolls as another strip does, to keep column under column: even where it has room for more.
    void scrollAlong(int offset);
    int offset() const { return m_offset; }
    /// Scrolls a growing answer along, unless a hand has scrolled.
    void follow(int index);
    /// A ring around one token; -1 = none.
    void setRing(int index);
    /// A frame around one prediction; -1 = none.
    void setChosenPrediction(int index);

    /// Tokens can be masked, but not changed one by one, nor become more or fewer: patches of a picture.
    void setFixed(bool fixed);
    /// Says what stands below a prediction's tool tip when it is asked for: what takes time to find out.
    void setPredictionTip(std::function<QString(int index)> tip) { m_predictionTip = std::move(tip); }
    /// Masking puts this token in the place of another: "[MASK]"; then a token can also be hidden from every query. Empty: masking hides.
    void setMaskName(const QString& name) { m_maskName = name; }
    /// Only to be looked at.
    void setReadOnly(bool readOnly);
    /// The token that the keys act on.
    int cursor() const { return m_cursor; }
    void edit(int index);

    bool isEditing() const { return !m_editor.isNull(); }
    QRect tokenRect(int index) const;
    QRect predictionRect(int index) const;
    int contentWidth() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void scrolled(int offset);
    void tokenEdited(int index, const QString& text);
    void insertWanted(int index);  ///< before this one; as many as there are: behind the last
    void removeWanted(int index);
    void maskWanted(int index);  ///< or seen again
    void hideWanted(int index);  ///< from every query, where masking does something else; or seen again
    void cursorMoved(int index);
    void predictionPressed(int index);
    /// The text being typed is no token, and why; empty when all is well again.
    void editProblem(const QString& sentence);

protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void arrange();
    int columnAt(double x) const;
    int tokenAt(const QPointF& position) const;
    int gapBefore(std::size_t column) const;
    bool touches(std::size_t column) const;
    void scrollTo(int offset);
    int farthest() const;
    void reveal(int index);
    void revealAnswer();
    void revealRing();
    void moveCursor(int index);
    bool changeKey(int key, bool shift);
    void describe();
    void takeEdit(int step);
    void closeEditor();
    bool editorKey(int key);
    QRect columnRect(int index, int row) const;
    QRect editorRect(int index) const;
    void paintFades(QPainter& painter) const;
    void paintToken(QPainter& painter, int index) const;
    void paintPiece(QPainter& painter, const QRectF& rect, std::size_t index, bool hovered) const;
    void paintFace(QPainter& painter, const QRectF& rect, const TokenChip& token) const;
    void paintCells(QPainter& painter, const QRectF& rect, const QStringList& cells) const;
    int widthOf(const TokenChip& token) const;
    void paintPrediction(QPainter& painter, int index) const;

    std::vector<TokenChip> m_tokens;
    std::vector<PredictionChip> m_predictions;
    std::vector<int> m_lefts;  ///< left edges of the columns, one more than there are
    std::function<QString(int, const QString&)> m_check;
    std::function<QString(int)> m_predictionTip;
    QString m_maskName;
    QPointer<QLineEdit> m_editor;
    int m_edited = -1;
    int m_cursor = 0;
    int m_hovered = -1;
    int m_ring = -1;
    int m_chosenPrediction = -1;
    int m_offset = 0;
    bool m_scrolledByHand = false;
    bool m_along = false;  ///< scrolls with another strip
    int m_tokenLength = 0;
    bool m_readOnly = false;
    bool m_fixed = false;
};

}  // namespace lab
