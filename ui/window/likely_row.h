#pragma once

#include <QWidget>
#include <vector>

#include "ui/runs/focus.h"
#include "ui/window/own_input.h"

class QSpinBox;

namespace lab {

class ThemedLabel;

/// What may be said at a position, the likeliest first, each with a bar: as wide as its probability.
class LikelyTokens : public QWidget {
    Q_OBJECT

public:
    explicit LikelyTokens(QWidget* parent = nullptr);

    struct Item {
        QString text;
        double probability = 0.0;
        bool operator==(const Item&) const = default;
    };
    void setItems(std::vector<Item> items, const QString& where);
    const std::vector<Item>& items() const { return m_items; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<Item> m_items;
};

/// Below the input: the five tokens that the model holds likeliest at a position, and how likely it holds them.
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

    static constexpr std::size_t shownTokens = 5;

signals:
    void closeWanted();
    void positionChanged(int position);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void applyMeasures();
    void takePosition(int position);
    const std::vector<int>& readTokens() const;

    Focus& m_focus;
    const OwnInput* m_own = nullptr;
    QSpinBox* m_position;
    ThemedLabel* m_where;
    LikelyTokens* m_tokens;
    bool m_atEnd = true;
};

}  // namespace lab
