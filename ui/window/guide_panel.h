#pragma once

#include <QWidget>

class QScrollArea;
class QVBoxLayout;

namespace lab {

class Button;
class ThemedLabel;
struct ModelGuide;

/// Beside the page: what to look for in the model that is open, and a button for every head that is named.
class GuidePanel : public QWidget {
    Q_OBJECT

public:
    explicit GuidePanel(QWidget* parent = nullptr);

    void setGuide(const ModelGuide& guide);

signals:
    void closeWanted();
    /// One of the heads of an item was chosen.
    void headWanted(std::size_t item, std::size_t head);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* makeBody(const ModelGuide& guide);
    void applyMeasures();

    ThemedLabel* m_title;
    Button* m_close;
    QScrollArea* m_area;
};

}  // namespace lab
