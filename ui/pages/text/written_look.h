#pragma once

#include <QWidget>
#include <optional>

#include "core/model/model.h"

class QComboBox;

namespace lab {

class ElidedLabel;

/// A key that a head looked at.
struct LookedAt {
    int position = 0;  ///< in the whole text
    double weight = 0;
};

/// Weights of one head from the last of `tokens` on, the first of which stands at `first` in the text. Throws InputError.
std::vector<LookedAt> lookOf(const Model& model, const Weights& weights, const std::vector<int>& tokens, int first, std::size_t block,
                             int head);

/// Which tokens the chosen head looked at when the chosen token was written.
class WrittenLook : public QWidget {
    Q_OBJECT

public:
    explicit WrittenLook(QWidget* parent = nullptr);

    /// Null: there is no model.
    void setModel(std::shared_ptr<const Model> model);
    /// Index into Model::attentionBlocks(); negative: the model has no heads.
    int block() const;
    int head() const;
    void choose(int block, int head);
    /// The words of the tokens that got most, and the place of the token that looked.
    void setWords(const QString& words, std::optional<int> query = std::nullopt);
    QString words() const;

signals:
    void changed();

private:
    void fillHeads();
    void applyMeasures();

    std::shared_ptr<const Model> m_model;
    QComboBox *m_block, *m_head;
    ElidedLabel *m_words, *m_query;
};

}  // namespace lab
