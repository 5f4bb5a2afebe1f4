#pragma once

#include <QWidget>
#include <array>

#include "ui/pages/incontext/regression_scene.h"

class QSpinBox;

namespace lab {

class Map;
class WrappedText;

/// A head's two products as maps, above those of the construction: how key and query meet, and what a key adds; and the step that they are.
class ProductsView : public QWidget {
    Q_OBJECT

public:
    explicit ProductsView(QWidget* parent = nullptr);

    void setScene(const RegressionScene& scene);
    QString sentence() const;
    const Map& map(int i) const { return *m_maps[static_cast<std::size_t>(i)]; }

private:
    void showHead();
    void showSentence();

    RegressionScene m_scene;
    QSpinBox* m_head;
    std::array<Map*, 4> m_maps;  ///< meeting and adding of the model, then of the construction
    WrappedText* m_sentence;
};

}  // namespace lab
