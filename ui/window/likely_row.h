#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "ui/runs/focus.h"
#include "ui/widgets/text_chip.h"
#include "ui/window/own_input.h"

class QSpinBox;

namespace lab {

class ThemedLabel;

/// What may be said at a position, the likeliest first, each with a bar: as wide as its probability. In two lines.
class LikelyTokens : public QWidget {
    Q_OBJECT

public:
    explicit LikelyTokens(QWidget* parent = nullptr);

    struct Item {
        QString text;
        double probability = 0.0;
        std::optional<TextChip> piece{};  ///< of a running text
        bool truth = false;               ///< what the text has there, or what is right
        bool operator==(const Item&) const = default;
    };
    void setItems(std::vector<Item> items, const QString& where);
    const std::vector<Item>& items() const { return m_items; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintItem(QPainter& painter, const QRectF& room, const Item& item, bool first) const;

    std::vector<Item> m_items;
};

/// Below the input: the ten tokens that the model holds likeliest at a position, how likely it holds them, and where the true one stands.
class LikelyRow : public QWidget {
    Q_OBJECT

public:
    explicit LikelyRow(Focus& focus, QWidget* parent = nullptr);

    /// Writes the tokens; null without a run.
    void setOwn(const OwnInput* own);
    /// The last position is followed as the input grows.
    void choose(int position);
    int position() const;
    void refresh();
    QSpinBox& positionField() const { return *m_position; }
    const LikelyTokens& tokens() const { return *m_tokens; }
    /// "behind cat"
    QString where() const;
    /// "the text has cat, 3rd of 256 with 8.1 %"; empty where nothing is known to be true.
    QString standing() const;
    /// All of a position in lines: the tokens with their probabilities, and where the true one stands.
    QString storyOf(int position) const;

    static constexpr std::size_t shownTokens = 10, shownLines = 2;

signals:
    void closeWanted();
    void positionChanged(int position);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void applyMeasures();
    void takePosition(int position);
    const std::vector<int>& readTokens() const;
    std::vector<LikelyTokens::Item> itemsOf(int position) const;
    int truthAt(int position) const;
    QString standingAt(int position) const;

    Focus& m_focus;
    const OwnInput* m_own = nullptr;
    QSpinBox* m_position;
    ThemedLabel *m_where, *m_standing;
    LikelyTokens* m_tokens;
    bool m_atEnd = true;
};

}  // namespace lab
